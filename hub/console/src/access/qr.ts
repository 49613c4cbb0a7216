// SPDX-License-Identifier: Apache-2.0
//
// QR codes (ISO/IEC 18004): a text as bytes, error correction level L, versions 1 to 10, which hold 271 bytes. Pure: text in, modules out.
// Nothing that is drawn here leaves the browser; that is why there is an encoder at all.

/** Per version from 1: codewords for correcting in a block, and the data codewords of each block. */
const blocksOf: readonly (readonly [number, readonly number[]])[] = [
    [7, [19]],
    [10, [34]],
    [15, [55]],
    [20, [80]],
    [26, [108]],
    [18, [68, 68]],
    [20, [78, 78]],
    [24, [97, 97]],
    [30, [116, 116]],
    [18, [68, 68, 69, 69]],
];

/** Per version from 1: where the middles of alignment patterns lie. */
const alignmentOf: readonly (readonly number[])[] = [
    [],
    [6, 18],
    [6, 22],
    [6, 26],
    [6, 30],
    [6, 34],
    [6, 22, 38],
    [6, 24, 42],
    [6, 26, 46],
    [6, 28, 50],
];

const masks: readonly ((row: number, column: number) => boolean)[] = [
    (r, c) => (r + c) % 2 === 0,
    (r) => r % 2 === 0,
    (_, c) => c % 3 === 0,
    (r, c) => (r + c) % 3 === 0,
    (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
    (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
    (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
    (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

/** The field of 256 elements over x^8 + x^4 + x^3 + x^2 + 1. */
const power = new Uint8Array(255);
const logarithm = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i++) {
    power[i] = x;
    logarithm[x] = i;
    x = x & 0x80 ? (x << 1) ^ 0x11d : x << 1;
}

function times(a: number, b: number): number {
    return a && b ? power[(logarithm[a]! + logarithm[b]!) % 255]! : 0;
}

/** The remainder of the data by the generator polynomial of that degree: Reed and Solomon's codewords. */
export function correction(data: readonly number[], degree: number): number[] {
    let generator = [1];
    for (let i = 0; i < degree; i++) {
        const next = [...generator, 0];
        generator.forEach((factor, at) => (next[at + 1]! ^= times(factor, power[i]!)));
        generator = next;
    }
    const rest = [...data, ...Array<number>(degree).fill(0)];
    data.forEach((_, at) => {
        const lead = rest[at]!;
        generator.forEach((factor, n) => (rest[at + n]! ^= times(factor, lead)));
    });
    return rest.slice(data.length);
}

/** BCH: the value with its check bits. */
function checked(value: number, bits: number, polynomial: number, degree: number): number {
    let rest = value << degree;
    for (let at = bits + degree - 1; at >= degree; at--) if ((rest >> at) & 1) rest ^= polynomial << (at - degree);
    return (value << degree) | rest;
}

export const formatBits = (mask: number): number => checked((0b01 << 3) | mask, 5, 0x537, 10) ^ 0x5412;
export const versionBits = (version: number): number => checked(version, 6, 0x1f25, 12);

/** Mode, count, bytes, end and padding, filled up to the version's data codewords. */
function dataCodewords(bytes: Uint8Array, version: number, capacity: number): number[] {
    const bits: number[] = [];
    const put = (value: number, count: number): void => {
        for (let at = count - 1; at >= 0; at--) bits.push((value >> at) & 1);
    };
    put(0b0100, 4);
    put(bytes.length, version < 10 ? 8 : 16);
    bytes.forEach((byte) => put(byte, 8));
    put(0, Math.min(4, capacity * 8 - bits.length));
    put(0, (8 - (bits.length % 8)) % 8);
    for (let fill = 0xec; bits.length < capacity * 8; fill ^= 0xec ^ 0x11) put(fill, 8);
    return Array.from({ length: capacity }, (_, at) => bits.slice(at * 8, at * 8 + 8).reduce((sum, bit) => sum * 2 + bit, 0));
}

/** Blocks, each with its correction, woven into one another. */
function codewords(bytes: Uint8Array, version: number): number[] {
    const [degree, sizes] = blocksOf[version - 1]!;
    const data = dataCodewords(bytes, version, capacityOf(version));
    let at = 0;
    const blocks = sizes.map((size) => data.slice(at, (at += size)));
    const checks = blocks.map((block) => correction(block, degree));
    const weave = (lists: number[][]): number[] =>
        Array.from({ length: Math.max(...lists.map((list) => list.length)) }, (_, n) => lists.flatMap((list) => list.slice(n, n + 1))).flat();
    return [...weave(blocks), ...weave(checks)];
}

const capacityOf = (version: number): number => blocksOf[version - 1]![1].reduce((sum, size) => sum + size, 0);

/** A square of modules: dark or light, and whether the place is fixed by the standard. */
class Field {
    readonly size: number;
    readonly dark: boolean[][];
    readonly fixed: boolean[][];

    constructor(private readonly version: number) {
        this.size = 17 + 4 * version;
        const square = (): boolean[][] => Array.from({ length: this.size }, () => Array<boolean>(this.size).fill(false));
        this.dark = square();
        this.fixed = square();
        this.drawPatterns();
    }

    private set(row: number, column: number, dark: boolean): void {
        if (row < 0 || column < 0 || row >= this.size || column >= this.size) return;
        this.dark[row]![column] = dark;
        this.fixed[row]![column] = true;
    }

    /** Rings around a middle: the finders (with their light border) and the alignment patterns. */
    private rings(row: number, column: number, radius: number, light: readonly number[]): void {
        for (let r = -radius; r <= radius; r++)
            for (let c = -radius; c <= radius; c++) this.set(row + r, column + c, !light.includes(Math.max(Math.abs(r), Math.abs(c))));
    }

    private drawPatterns(): void {
        const last = this.size - 1;
        for (let at = 0; at < this.size; at++) {
            this.set(6, at, at % 2 === 0);
            this.set(at, 6, at % 2 === 0);
        }
        for (const [row, column] of [[3, 3], [3, last - 3], [last - 3, 3]] as const) this.rings(row, column, 4, [2, 4]);
        const middles = alignmentOf[this.version - 1]!;
        for (const row of middles) {
            for (const column of middles) {
                const corner = (row === 6 && (column === 6 || column === last - 6)) || (column === 6 && row === last - 6);
                if (!corner) this.rings(row, column, 2, [1]);
            }
        }
        this.drawFormat(0); // marks its places; drawn again with the mask
        if (this.version < 7) return;
        const bits = versionBits(this.version);
        for (let n = 0; n < 18; n++) {
            const [long, short] = [Math.floor(n / 3), last - 10 + (n % 3)];
            this.set(long, short, ((bits >> n) & 1) === 1);
            this.set(short, long, ((bits >> n) & 1) === 1);
        }
    }

    drawFormat(mask: number): void {
        const bits = formatBits(mask);
        const last = this.size - 1;
        for (let n = 0; n < 15; n++) {
            const dark = ((bits >> n) & 1) === 1;
            const along = n < 6 ? n : n < 8 ? n + 1 : last - 14 + n;
            const across = n < 8 ? last - n : n === 8 ? 7 : 14 - n;
            this.set(along, 8, dark);
            this.set(8, across, dark);
        }
        this.set(last - 7, 8, true);
    }

    /** Pairs of columns from the right, up and down in turn, past the timing column. */
    drawData(words: readonly number[]): void {
        let n = 0;
        let up = true;
        const pairs = [];
        for (let right = this.size - 1; right > 0; right -= 2) pairs.push(right > 6 ? right : right - 1);
        for (const right of pairs) {
            for (let step = 0; step < this.size; step++) {
                const row = up ? this.size - 1 - step : step;
                for (const column of [right, right - 1]) {
                    if (this.fixed[row]![column]) continue;
                    this.dark[row]![column] = n < words.length * 8 && ((words[n >> 3]! >> (7 - (n & 7))) & 1) === 1;
                    n++;
                }
            }
            up = !up;
        }
    }

    apply(mask: number): void {
        const turns = masks[mask]!;
        for (let r = 0; r < this.size; r++)
            for (let c = 0; c < this.size; c++) if (!this.fixed[r]![c] && turns(r, c)) this.dark[r]![c] = !this.dark[r]![c];
    }

    /** The four penalties of the standard: the lower, the better a camera reads it. */
    penalty(): number {
        const lines = [...this.dark, ...this.dark.map((_, column) => this.dark.map((row) => row[column]!))];
        let sum = 0;
        for (const line of lines) {
            const text = line.map((dark) => (dark ? "1" : "0")).join("");
            for (const run of text.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
            for (const look of [/(?=10111010000)/g, /(?=00001011101)/g]) sum += 40 * (text.match(look)?.length ?? 0);
        }
        let count = 0;
        for (let r = 0; r < this.size; r++) {
            for (let c = 0; c < this.size; c++) {
                const here = this.dark[r]![c]!;
                if (here) count++;
                if (r && c && [this.dark[r - 1]![c], this.dark[r]![c - 1], this.dark[r - 1]![c - 1]].every((other) => other === here)) sum += 3;
            }
        }
        return sum + 10 * Math.floor(Math.abs((count * 100) / this.size ** 2 - 50) / 5);
    }
}

/** The modules of the text's code, row by row, true for dark; null when it is longer than 271 bytes. */
export function qrModules(text: string): boolean[][] | null {
    const bytes = new TextEncoder().encode(text);
    const version = blocksOf.findIndex((_, at) => bytes.length + (at < 9 ? 2 : 3) <= capacityOf(at + 1)) + 1;
    if (version === 0) return null;
    const words = codewords(bytes, version);
    let best: Field | null = null;
    let least = Infinity;
    masks.forEach((_, mask) => {
        const field = new Field(version);
        field.drawData(words);
        field.apply(mask);
        field.drawFormat(mask);
        const penalty = field.penalty();
        if (penalty >= least) return;
        best = field;
        least = penalty;
    });
    return best && (best as Field).dark;
}
