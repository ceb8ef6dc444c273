/**
 * What the scripts tell each other. Never loaded: for the checker and for who reads them.
 *
 * @typedef {object} Message what the server says, see docs/decisions/0008
 * @property {"hello"|"event"|"count"|"phase"|"heading"|"here"|"reload"} t
 * @property {number} [n]
 * @property {"published"|"edited"|"removed"|"hidden"|"restored"|"supported"|"moved"|"arrived"|"placed"|"pinned"|"unpinned"|"concluded"|"reworded"|"reopened"} [k]
 * @property {string} [id]
 * @property {string} [p]
 * @property {string} [html]
 * @property {string} [state]
 * @property {number} [here]
 *
 * @typedef {object} Own what a reader has on a contribution
 * @property {string} value of the support button
 * @property {boolean} isMine
 *
 * @typedef {object} Said what the server answers to a form
 * @property {string} [id]
 * @property {string} [p]
 * @property {string} [html]
 * @property {boolean} [pressed]
 * @property {string} [to]
 * @property {string} [title]
 * @property {string} [advice]
 * @property {Record<string, string>} [errors]
 *
 * @typedef {object} Entry a contribution that waits for a connection
 * @property {string} key
 * @property {string} url
 * @property {string} fields
 * @property {string} path of the page it was written on
 *
 * @typedef {object} Result what came of an entry
 * @property {number} number
 * @property {Entry} entry
 * @property {Said} said
 */

export {};
