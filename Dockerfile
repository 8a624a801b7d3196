# Production dependencies only, no build step, not root. The image has Node, so the optional dependency on it is omitted;
# both are of the same version. To pin the very image that you have tested, append its digest: node:24.21.0-slim@sha256:…
FROM node:24.21.0-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional

FROM node:24.21.0-slim
WORKDIR /app
# Only /data is written to, so that the root may be read-only. Compiled code is then not cached (docs/performance.md#start).
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 STORE_PATH=/data/store
RUN mkdir /data && chown node:node /data
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json main.ts ./
COPY schema ./schema
COPY resolvers ./resolvers
COPY datasources ./datasources
COPY server ./server
COPY sandbox ./sandbox
COPY console/dist ./console/dist
# The command line and its client: `docker exec <container> node cli/ticketgraph.js doctor`.
COPY client ./client
COPY cli ./cli
USER node
# 9464: metrics, if METRICS_PORT is set to it.
EXPOSE 4000 9464
VOLUME /data
# The image has no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.METRICS_PORT || process.env.PORT) + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# No npm or shell in between, so that SIGTERM reaches the process.
CMD ["node", "main.ts"]
