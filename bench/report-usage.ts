/** Preloaded into a measured server on systems without /proc: reports its resource usage to the parent. */

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system, memoryBytes: process.memoryUsage.rss() });
});
