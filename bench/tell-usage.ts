/** Loaded before a measured server where the system has no /proc: tells the parent what this process has used. */

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system, memoryBytes: process.memoryUsage.rss() });
});
