package io.fmware.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a program in a JVM of its own. */
final class ForkedJvm {
    private static final Pattern FIELD = Pattern.compile("(\\w+)=([^,\\]]+)");
    private static final int MOST_MINUTES = 15;

    private ForkedJvm() {}

    /** What a program printed to standard output, once it has ended well. Its standard error is that of this one. */
    static String run(Jdk jdk, List<String> options, String classPath, String mainClass, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(jdk.java());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException("failed: " + String.join(" ", command));
            }
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The fields of a record that was printed. */
    static Map<String, String> fields(String printed) {
        Map<String, String> fields = new HashMap<>();
        Matcher field = FIELD.matcher(printed);
        while (field.find()) {
            fields.put(field.group(1), field.group(2));
        }
        return fields;
    }
}
