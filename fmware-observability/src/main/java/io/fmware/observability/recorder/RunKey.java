package io.fmware.observability.recorder;

/**
 * A run in a recording: ids are the application's own, and two recorders may have recorded the same one.
 *
 * @param writer the recorder
 * @param run the id of the run
 */
record RunKey(String writer, String run) {}
