// Who may import whom: the floors of docs/ARCHITECTURE.md, as rules.
const room = (name) => `^src/${name}/`;
/** A rule that lets files matching `from` import only what matches `to`. */
const only = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: to },
});
const node =
  '^(node:)?(assert|buffer|child_process|crypto|dns|events|fs|http|https|net|os|path|perf_hooks|process|readline|sqlite|stream|timers|tls|tty|url|util|worker_threads|zlib)(/|$)';

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphan-import', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('domain-alone', room('domain'), [room('domain')], 'no node:*, no package, no clock'),
    only(
      'foundation-low',
      room('foundation'),
      [room('foundation'), node],
      'what several folders share and none owns: node only',
    ),
    only(
      'content',
      room('content'),
      [room('content'), room('domain'), room('foundation')],
      'data in, words out',
    ),
    only(
      'use-cases',
      room('use-cases'),
      [room('use-cases'), room('domain'), room('content'), room('foundation')],
      'never an adapter, never node:*',
    ),
    ...['database', 'chorus-pro', 'sinks', 'smtp', 'vault', 'csv'].map((name) =>
      only(
        `adapter-${name}`,
        room(`adapters/${name}`),
        [room(`adapters/${name}`), room('domain'), room('foundation'), 'node_modules/', node],
        'adapters never import each other, nor config, nor system',
      ),
    ),
    only(
      'adapter-web',
      room('adapters/web'),
      [
        room('adapters/web'),
        room('domain'),
        room('content'),
        room('use-cases'),
        room('foundation'),
        'node_modules/',
        node,
      ],
      'pages and servers',
    ),
    ...['config', 'system'].map((name) =>
      only(
        `${name}-low`,
        room(name),
        [room(name), room('config'), room('domain'), room('foundation'), 'node_modules/', node],
        'node, packages and what all share',
      ),
    ),
    only(
      'simulator',
      room('simulator'),
      [room('simulator'), 'node_modules/', node],
      'shares no code with the client it fools',
    ),
    {
      name: 'composition-is-a-root',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli/|demo/|composition/|main\\.ts$)' },
      to: { path: '^src/composition/' },
    },
    {
      name: 'no-dev-in-product',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'product-knows-no-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
