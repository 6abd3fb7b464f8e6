// Planted on purpose: no app imports another, and serving never imports a database. The boundary check fails when this file is NOT reported.
import '../../agent/src/decides.js';
import 'pg';
