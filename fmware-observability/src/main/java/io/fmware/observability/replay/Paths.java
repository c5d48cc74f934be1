package io.fmware.observability.replay;

/** Paths as they stand in recordings. */
final class Paths {

    private Paths() {}

    /** The name of the run, with which a path begins. */
    static String run(String path) {
        int end = path.indexOf('/');
        return end < 0 ? path : path.substring(0, end);
    }

    /** The last segment. */
    static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Whether one path leads through another one, to something inside of that. */
    static boolean isIn(String path, String other) {
        return path.length() > other.length() && path.startsWith(other) && path.charAt(other.length()) == '/';
    }

    /** How many names two paths begin with alike. */
    static int common(String one, String other) {
        String[] first = one.split("/", -1);
        String[] second = other.split("/", -1);
        int same = 0;
        while (same < Math.min(first.length, second.length) && first[same].equals(second[same])) {
            same++;
        }
        return same;
    }
}
