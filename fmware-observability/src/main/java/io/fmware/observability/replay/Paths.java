package io.fmware.observability.replay;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

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

    /** The path that leads to what something is in. */
    static String around(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    /** Whether one path leads through another one, to something inside of that. */
    static boolean isIn(String path, String other) {
        return path.length() > other.length() && path.startsWith(other) && path.charAt(other.length()) == '/';
    }

    /** Where a run is: its name, with the runs around it where it is in others, such as {@code claim/run:letter#2}. */
    static String ofRun(List<Taped> runs, int place) {
        Taped run = runs.get(place);
        return run.outer() < 0 ? run.name() : ofRun(runs, run.outer()) + "/run:" + run.name() + "#" + run.number();
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

    /** A name of which this is what stands in paths; what was escaped by nobody is left as it is. */
    static String name(String escaped) {
        try {
            return URLDecoder.decode(escaped.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return escaped;
        }
    }
}
