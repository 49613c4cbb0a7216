// SPDX-License-Identifier: Apache-2.0
//
// Entry of the console: applies the kept theme and language, then draws the app. Nothing else starts here.

import { render } from "preact";
import { App } from "./app";
import { startLanguage } from "./language";
import { startTheme } from "./theme";

startTheme();
startLanguage();
render(<App />, document.getElementById("app")!);
