// SPDX-License-Identifier: Apache-2.0
//
// Finds texts with too little contrast (WCAG 2.2, 1.4.3: 4.5:1). Runs inside the page, so it must stand alone:
// nothing from outside the function is there.

/** Each visible text below 4.5:1, with its colours; disabled controls and pictures are not texts to read. */
export function lowContrast() {
    const wanted = 4.5;
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

    /** Any CSS colour as red, green, blue (0..255) and alpha (0..1). */
    function parse(color) {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
        return [red, green, blue, alpha / 255];
    }
    const over = ([red, green, blue, alpha], below) => [red, green, blue].map((value, index) => value * alpha + below[index] * (1 - alpha));
    function luminance(color) {
        const [red, green, blue] = color.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    }
    function ratio(one, other) {
        const [bright, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
        return (bright + 0.05) / (dark + 0.05);
    }
    /** The ground under an element: its own and its ancestors' backgrounds down to the first opaque one. */
    function ground(element) {
        const layers = [];
        for (let at = element; at; at = at.parentElement) {
            const color = parse(getComputedStyle(at).backgroundColor);
            if (color[3] > 0) layers.push(color);
            if (color[3] === 1 || at.matches("dialog")) break;
        }
        return layers.reverse().reduce((below, color) => over(color, below), parse(getComputedStyle(document.body).backgroundColor).slice(0, 3));
    }

    const found = [];
    const visit = (element, text, color) => {
        const below = ground(element);
        const value = ratio(over(parse(color), below), below);
        if (value < wanted) found.push(`${text.slice(0, 40)}: ${value.toFixed(2)} (${color} on ${below.map(Math.round)})`);
    };
    for (const element of document.body.querySelectorAll("*")) {
        if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".sr-only, noscript, option")) continue;
        if (element.closest(":disabled") && element.closest(".button-icon")) continue;
        const style = getComputedStyle(element);
        const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim()).map((node) => node.textContent.trim()).join(" ");
        if (text) visit(element, text, element instanceof SVGElement ? style.fill : style.color);
        if (element.matches("input:not([type=checkbox], [type=radio], [type=range]), select")) {
            visit(element, element.value || element.getAttribute("aria-label") || element.name, style.color);
            if (element.placeholder) visit(element, element.placeholder, getComputedStyle(element, "::placeholder").color);
        }
    }
    return found;
}
