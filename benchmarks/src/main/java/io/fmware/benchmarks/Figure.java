package io.fmware.benchmarks;

import java.util.Locale;

/**
 * One measured value, as printed: name, value, unit and conditions, separated by tabs.
 *
 * @param name what was measured
 * @param value the value
 * @param unit its unit
 * @param conditions on what and how
 */
record Figure(String name, double value, String unit, String conditions) {

    @Override
    public String toString() {
        return String.join("\t", name, shown(value), unit, conditions);
    }

    /** Three significant digits, whole numbers as they are. */
    static String shown(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            return Long.toString((long) value);
        }
        double size = Math.abs(value);
        int digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
