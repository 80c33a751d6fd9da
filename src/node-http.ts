/**
 * Node's client for HTTP. An import looks at every export, and so loads what the module has of WebSockets: a thirtieth of
 * a start, and its memory.
 */
export const http = process.getBuiltinModule('node:http');
