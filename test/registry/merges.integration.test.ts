import { mergeSuite } from './suites/merge-suite.ts';
import { onEachBackend } from './suites/on-each-backend.ts';

onEachBackend((use) => {
  mergeSuite(use);
});
