// Ids for what people name themselves.

/**
 * @param {string} name
 * @returns {string} an id that can be read, and that nobody has yet
 */
export function newId(name) {
    const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
    const readable = words.join("-").slice(0, 40);
    return [readable, crypto.randomUUID().slice(0, 8)].filter(Boolean).join("-");
}
