import { identitySuite } from './suites/identity-suite.ts';
import { onEachBackend } from './suites/on-each-backend.ts';

onEachBackend((use, running) => {
  identitySuite(use, () => running().createLocation());
});
