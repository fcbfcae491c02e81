# MiaChat in a container. Build: docker build -t miachat .
#
# Run, with everything but the data folder read-only:
#   docker run --read-only --tmpfs /tmp --cap-drop=ALL --security-opt=no-new-privileges -p 127.0.0.1:8080:8080 \
#     -v miachat:/data -e BASE_URL=https://chat.example.org -e SECRET_KEY="$(cat secret-key)" miachat
# Any command of miachat takes the place of "serve": docker run … miachat user list

FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/auth/package.json packages/auth/
COPY apps/miachat/package.json apps/miachat/
# The optional packages are the Node that the repository brings for machines without one; this image is one.
RUN npm ci --omit=dev --omit=optional

# Types stripped and modules compiled once: else every start of a container would do it anew, in nearly twice its time. Made by the
# user who reads it, whose number Node writes into the folder's name.
FROM packages AS compiled
COPY packages packages
COPY apps apps
RUN install --directory --owner=node /app/.compiled
USER node
ENV NODE_COMPILE_CACHE=/app/.compiled
RUN node --conditions=miachat-source -e "import('kysely'), import('pg'), import('/app/apps/miachat/src/serve-process.ts')" && \
  node --conditions=miachat-source /app/apps/miachat/src/cli/miachat.ts help serve && \
  chmod -R a+rX /app/.compiled

FROM node:24.21.0-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data NODE_COMPILE_CACHE=/app/.compiled
# Database, keys and uploads are the owner's alone; the program itself belongs to root, so that it cannot change itself.
RUN install --directory --owner=node --group=node --mode=0700 /data
COPY --from=packages /app ./
COPY packages packages
COPY apps apps
COPY --from=compiled /app/.compiled .compiled
VOLUME /data
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The program itself and not npm, which does not pass SIGTERM on.
ENTRYPOINT ["node", "--conditions=miachat-source", "/app/apps/miachat/src/cli/miachat.ts"]
CMD ["serve"]
