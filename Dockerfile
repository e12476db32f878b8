# syntax=docker/dockerfile:1

FROM node:24-slim AS base
WORKDIR /app
RUN npm install --global pnpm@12.21.0

FROM base AS source
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml tsconfig.base.json ./
COPY packages packages
COPY apps apps
# The lockfile names these workspace packages too.
COPY e2e/package.json e2e/package.json
COPY chaos/package.json chaos/package.json
COPY bench/package.json bench/package.json

FROM source AS web
RUN pnpm install --frozen-lockfile --filter "@livechat/web..."
RUN cd apps/web && node_modules/.bin/vite build

FROM source AS server
RUN pnpm install --frozen-lockfile --prod --filter "@livechat/server..." \
  && rm -rf apps/web e2e chaos bench node_modules/node node_modules/.pnpm/node@*

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
WORKDIR /app
COPY --from=server /app ./
COPY --from=web /app/apps/web/dist apps/web/dist
COPY supabase/migrations supabase/migrations
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/server/src/main.ts"]
