package io.fmware.observability.command;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Lines in columns. The last column is as wide as it is. Not thread-safe. */
final class Table {
    private final boolean[] right;
    private final int[] widths;
    private final List<String[]> rows = new ArrayList<>();

    /** Columns by their heads; numbers, whose heads begin with a minus, stand to the right. */
    Table(String... heads) {
        right = new boolean[heads.length];
        widths = new int[heads.length];
        String[] row = new String[heads.length];
        for (int i = 0; i < heads.length; i++) {
            right[i] = heads[i].startsWith("-");
            row[i] = right[i] ? heads[i].substring(1) : heads[i];
        }
        add(row);
    }

    void add(String... row) {
        for (int i = 0; i < row.length; i++) {
            widths[i] = Math.max(widths[i], length(row[i]));
        }
        rows.add(row);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    void write(Consumer<String> lines) {
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String room = " ".repeat(widths[i] - length(row[i]));
                line.append(i == 0 ? "" : "  ");
                line.append(right[i] ? room + row[i] : i == row.length - 1 ? row[i] : row[i] + room);
            }
            lines.accept(line.toString());
        }
    }
}
