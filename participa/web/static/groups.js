/** Keeps the opinion groups of an open round up to date on their page. */

import { Part } from "./parts.js";

const place = document.getElementById("grupos-vivos");
const line = document.getElementById("grupos-linea");
if (place && line) new Part(place, line);
