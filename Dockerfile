# Production dependencies only, no build step, not root. The image has Node, so the optional dependency on it is omitted.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional

FROM node:24-slim
WORKDIR /app
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
EXPOSE 4000
VOLUME /data
# No npm or shell in between, so that SIGTERM reaches the process.
CMD ["node", "main.ts"]
