// Names that people gave, shown so that they stay in their place, whatever they are written in.

const OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/**
 * @param {string} name
 * @returns {string} for use in a sentence: characters that turn the order of what follows are gone,
 *     and one that is written from right to left keeps its own order to itself
 */
export function isolated(name) {
    const plain = String(name ?? "").replace(OVERRIDES, "");
    return RIGHT_TO_LEFT.test(plain) ? `\u2068${plain}\u2069` : plain;
}
