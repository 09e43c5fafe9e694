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
      'what several rooms share and none owns: node only',
    ),
    only(
      'host-low',
      '^src/(host/|config\\.ts$)',
      ['^src/host/', room('foundation'), 'node_modules/', node],
      'node, packages and what all share',
    ),
    only(
      'rules',
      '^src/rules\\.ts$',
      ['^src/config\\.ts$', room('domain')],
      'what settings mean: values, no parts',
    ),
    only(
      'letters',
      room('letters'),
      [room('letters'), room('domain'), room('foundation')],
      'data in, words out',
    ),
    ...['store', 'vault', 'chorus', 'sinks', 'mail', 'intake'].map((name) =>
      only(
        `adapter-${name}`,
        room(name),
        [room(name), room('domain'), room('foundation'), 'node_modules/', node],
        'adapters never import each other, nor config, nor host',
      ),
    ),
    only(
      'flows',
      room('flows'),
      [room('flows'), room('domain'), room('letters'), room('foundation')],
      'never an adapter, never node:*',
    ),
    ...['web', 'broker'].map((name) =>
      only(
        `door-${name}`,
        room(name),
        [room(name), room('domain'), room('flows'), room('foundation'), 'node_modules/', node],
        'pages and doors',
      ),
    ),
    only(
      'simulator',
      room('simulator'),
      [room('simulator'), 'node_modules/', node],
      'shares no code with the client it fools',
    ),
    only(
      'commands',
      '^src/(commands/|main\\.ts$)',
      [
        '^src/commands/',
        '^src/daemon\\.ts$',
        '^src/daemon-handover\\.ts$',
        '^src/daemon-agents\\.ts$',
        '^src/daemon-health\\.ts$',
        '^src/daemon-probe\\.ts$',
        '^src/config\\.ts$',
        room('host'),
        room('domain'),
        room('foundation'),
        room('simulator'),
        'node_modules/',
        node,
      ],
      'a command speaks to the daemon, never to an adapter',
    ),
    {
      name: 'daemon-is-a-root',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(commands/|main\\.ts$|daemon)' },
      to: { path: '^src/daemon(\\.|-)' },
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
