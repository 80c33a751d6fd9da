/**
 * Keeps tap from following every promise, which takes a quarter of a run's time. It does so to tell which test an error
 * belongs to that nobody caught; without it such an error ends the process, and so fails the run all the same.
 */
import hooks from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';

const idle = { enable: () => idle, disable: () => idle };
hooks.createHook = () => idle;
syncBuiltinESMExports();
