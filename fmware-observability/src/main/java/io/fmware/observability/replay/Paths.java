package io.fmware.observability.replay;

/** Paths as they stand in recordings. */
final class Paths {

    private Paths() {}

    /** Whether one path leads through another one, to something inside of that. */
    static boolean isIn(String path, String other) {
        return path.length() > other.length() && path.startsWith(other) && path.charAt(other.length()) == '/';
    }
}
