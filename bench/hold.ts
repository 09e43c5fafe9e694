// Loaded before a process that is measured (`--import`): tells who started it the longest time for which its event loop was held.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 5;
const held = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
held.enable();
process.on('message', (message) => {
  if (message === 'begin') held.reset();
  else process.send?.({ heldMs: held.max / 1e6 - RESOLUTION_MS });
});
// The measured process ends when its own work does.
process.channel?.unref();
