/** The same as `server.js`, for those who start it by the name that sources have here. */
import './server.js';
