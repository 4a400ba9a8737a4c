// Where pages are: the addresses that links carry.

/**
 * @param {string} id
 * @returns {string} the page of a contact
 */
export function contactAddress(id) {
    return `#/contacts/${encodeURIComponent(id)}`;
}

/**
 * @param {string} id
 * @param {"live"|"preview"|"versions"} [page] of its pages; the editor where none is named
 * @returns {string} a page of a workflow
 */
export function workflowAddress(id, page) {
    return ["#/workflows", encodeURIComponent(id), page].filter(Boolean).join("/");
}
