package io.fmware.benchmarks;

import java.util.List;

/**
 * A figure made of one benchmark or of two.
 *
 * @param name the name of the figure
 * @param unit its unit
 * @param jdk the feature version of the JDK that it is measured on, 0 for the one that runs this program
 * @param form what is made of the scores
 * @param of the benchmark
 * @param base what it is compared with; the benchmark itself where it stands alone
 * @param divisor what the result is divided by
 * @param what on what it is measured
 */
record JmhFigure(String name, String unit, int jdk, Form form, String of, String base, double divisor, String what) {

    /** What is made of the scores. */
    enum Form {
        TIME,
        RATIO,
        TIME_DIFFERENCE,
        BYTES_DIFFERENCE
    }

    static JmhFigure time(String name, String of, String what) {
        return new JmhFigure(name, "ns", 0, Form.TIME, of, of, 1, what);
    }

    static JmhFigure ratio(String name, String of, String base, String what) {
        return new JmhFigure(name, "x", 0, Form.RATIO, of, base, 1, what);
    }

    static JmhFigure added(String name, String of, String base, String what) {
        return new JmhFigure(name, "ns", 0, Form.TIME_DIFFERENCE, of, base, 1, what);
    }

    static JmhFigure addedBytes(String name, String of, String base, String what) {
        return new JmhFigure(name, "B", 0, Form.BYTES_DIFFERENCE, of, base, 1, what);
    }

    JmhFigure per(int number) {
        return new JmhFigure(name, unit, jdk, form, of, base, number, what);
    }

    JmhFigure inMicroseconds() {
        return new JmhFigure(name, "us", jdk, form, of, base, 1000, what);
    }

    /** The same on another JDK, under a name that says so. */
    JmhFigure on(int feature) {
        return new JmhFigure(name + ".jdk" + feature, unit, feature, form, of, base, divisor, what);
    }

    List<String> benchmarks() {
        return of.equals(base) ? List.of(of) : List.of(of, base);
    }

    double value(Scores scores) {
        double value = switch (form) {
            case TIME -> scores.time(of);
            case RATIO -> scores.time(of) / scores.time(base);
            case TIME_DIFFERENCE -> scores.time(of) - scores.time(base);
            case BYTES_DIFFERENCE -> scores.bytes(of) - scores.bytes(base);
        };
        return value / divisor;
    }

    String conditions(Scores scores) {
        StringBuilder shown = new StringBuilder(what);
        for (String benchmark : benchmarks()) {
            shown.append("; ");
            shown.append(
                    form == Form.BYTES_DIFFERENCE
                            ? benchmark + " " + Figure.shown(scores.bytes(benchmark)) + " B"
                            : scores.spread(benchmark));
        }
        return shown.toString();
    }
}
