import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type BundleOptions, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** This file's own extension: `.ts` from sources, `.js` when built. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** The converter that never fails on what it cannot read. Sources and build share the one file. */
export const PAYLOAD_CONVERTER_PATH = fileURLToPath(
  new URL('../../workflows/payload-converter.cjs', import.meta.url),
);

/** Tells the compiler to leave out comments, and nothing else: names and lines stay readable. */
const UNCOMMENTED = {
  compress: false,
  mangle: false,
  sourceMap: true,
  format: { comments: false, beautify: true },
};

/** Leaves out comments, of our sources and of libraries: more than a third of the bundle. */
const withoutComments: NonNullable<BundleOptions['webpackConfigHook']> = (config) => {
  const rules = (config.module?.rules ?? []).flatMap((rule) => {
    if (rule === null || typeof rule !== 'object' || !(rule.test instanceof RegExp)) return [rule];
    const { use } = rule;
    if (!use || typeof use !== 'object' || !('loader' in use) || typeof use.options !== 'object')
      return [rule];
    const jsc: unknown = use.options['jsc'];
    if (typeof jsc !== 'object') return [rule];
    const options = { ...use.options, minify: true, jsc: { ...jsc, minify: UNCOMMENTED } };
    const library = { target: 'es2022', parser: { syntax: 'ecmascript' }, minify: UNCOMMENTED };
    return [
      { ...rule, use: { ...use, options } },
      // Libraries are compiled already.
      {
        test: /\.js$/,
        include: /node_modules/,
        use: { ...use, options: { isModule: 'unknown', minify: true, sourceMaps: true, jsc: library } },
      },
    ];
  });
  // Webpack's own comments name each module twice and each import once.
  const output = { ...config.output, pathinfo: false };
  return { ...config, output, module: { ...config.module, rules } };
};

/** Bundles the workflows for the sandbox. */
export function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(`../../workflows/index.${EXTENSION}`, import.meta.url)),
    payloadConverterPath: PAYLOAD_CONVERTER_PATH,
    webpackConfigHook: withoutComments,
  });
}
