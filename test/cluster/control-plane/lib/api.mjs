// The least client that the fake kubelet needs: JSON requests and watches over one keep-alive agent.
import { Agent, request } from 'node:https';

export class ApiError extends Error {
  constructor(method, path, code, text) {
    super(`${method} ${path}: ${code} ${text.slice(0, 300)}`);
    this.code = code;
  }
}

export class Api {
  constructor({ server, ca, token }) {
    this.server = new URL(server);
    this.token = token;
    this.agent = new Agent({ keepAlive: true, maxSockets: 32, ca });
  }

  #open(method, path, body, type) {
    return request({
      agent: this.agent,
      host: this.server.hostname,
      port: this.server.port,
      method,
      path,
      headers: {
        authorization: `Bearer ${this.token}`,
        accept: 'application/json',
        ...(body ? { 'content-type': type ?? 'application/json', 'content-length': Buffer.byteLength(body) } : {}),
      },
    });
  }

  /** Sends one request; the parsed answer, or an ApiError for a status of 300 and more. */
  request(method, path, object, type) {
    const body = object === undefined ? undefined : JSON.stringify(object);
    return new Promise((resolve, reject) => {
      const req = this.#open(method, path, body, type);
      req.on('error', reject);
      req.on('response', (res) => {
        const parts = [];
        res.on('data', (d) => parts.push(d));
        res.on('error', reject);
        res.on('end', () => {
          const text = Buffer.concat(parts).toString();
          if (res.statusCode >= 300) reject(new ApiError(method, path, res.statusCode, text));
          else resolve(text && text[0] === '{' ? JSON.parse(text) : text);
        });
      });
      req.end(body);
    });
  }

  get(path) {
    return this.request('GET', path);
  }
  patchStatus(path, status) {
    return this.request('PATCH', `${path}/status`, { status }, 'application/merge-patch+json');
  }

  /** Lists and watches for ever; calls `changed(type, object)`; survives restarts of the API server. */
  async watch(path, changed, relisted = () => {}) {
    for (;;) {
      try {
        const list = await this.get(path);
        relisted(list.items);
        for (const item of list.items) changed('ADDED', item);
        let version = list.metadata.resourceVersion;
        while (version) version = await this.#stream(path, version, changed);
      } catch {
        /* the server is away: list again */
      }
      await new Promise((r) => setTimeout(r, 200));
    }
  }

  #stream(path, version, changed) {
    return new Promise((resolve) => {
      const req = this.#open(
        'GET',
        `${path}${path.includes('?') ? '&' : '?'}watch=1&allowWatchBookmarks=true&resourceVersion=${version}`,
      );
      req.on('error', () => resolve(undefined));
      req.on('response', (res) => {
        if (res.statusCode !== 200) {
          res.resume();
          resolve(undefined);
          return;
        }
        let rest = '';
        res.setEncoding('utf8');
        res.on('data', (d) => {
          rest += d;
          const lines = rest.split('\n');
          rest = lines.pop();
          for (const line of lines) {
            const event = JSON.parse(line);
            if (event.type === 'ERROR') {
              version = undefined;
              req.destroy();
              return;
            }
            version = event.object.metadata.resourceVersion;
            if (event.type !== 'BOOKMARK') changed(event.type, event.object);
          }
        });
        res.on('close', () => resolve(version));
      });
      req.end();
    });
  }
}
