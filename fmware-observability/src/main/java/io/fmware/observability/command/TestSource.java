package io.fmware.observability.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The Java of a test that runs again what was recorded. Not thread-safe. */
final class TestSource {
    private static final int MOST_IN_COMMENT = 200;

    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final JavaValue source = new JavaValue();
    private String begun = "";
    private String failure = "";
    private boolean asked;

    /** Takes the next event of the run, with its contents in their places. */
    void take(String type, ObjectNode event) {
        switch (type) {
            case "run.started" -> {
                begun = event.path("at").asText();
                event.path("attributes")
                        .properties()
                        .forEach(each -> value(each.getKey(), each.getValue(), "attribute " + each.getKey()));
            }
            case "agent.started" -> {
                String path = event.path("p").asText();
                if (path.indexOf('/') == path.lastIndexOf('/')) { // an outermost one
                    inputs(event);
                }
            }
            case "question" -> value("question", event.path("question"), "what was asked");
            case "call.started" -> firstRequest(event.path("messages"));
            case "run.ended" -> {
                if (event.has("error")) {
                    failure = failure(event);
                }
            }
            default -> {} // what came of it, which the cassette has
        }
    }

    /** What went wrong first; frameworks wrap it in what says little. */
    private static String failure(ObjectNode ended) {
        JsonNode causes = ended.path("causes");
        JsonNode first = causes.isEmpty() ? ended : causes.get(causes.size() - 1);
        String message = first.path("message").asText();
        return first.path("error").asText()
                + (message.isEmpty() ? "" : ": " + message)
                + (causes.isEmpty() ? "" : ", in " + ended.path("error").asText());
    }

    private void inputs(ObjectNode agent) {
        JsonNode inputs = agent.path("inputs");
        (inputs.has("map") ? inputs.get("map") : inputs)
                .properties()
                .forEach(each -> value(
                        each.getKey(),
                        each.getValue(),
                        "input " + each.getKey() + " of agent "
                                + agent.path("agent").asText()));
    }

    private void firstRequest(JsonNode messages) {
        if (asked) {
            return;
        }
        asked = true;
        JsonNode last = null;
        for (JsonNode each : messages) {
            if (each.path("type").asText().equals("USER")) {
                last = each;
            }
        }
        JsonNode text = last == null ? null : last.path("contents").path(0).path("text");
        if (text != null && text.isTextual()) {
            value("firstMessage", text, "the last user message of the first request");
        }
    }

    /** Notes a value, once however often it comes. */
    private void value(String name, JsonNode value, String what) {
        String expression = source.expression(value);
        String comment = JavaText.comment(what, MOST_IN_COMMENT);
        if (expression == null) {
            lines.add("// " + comment
                    + " has no Java here (its type, or its size): make one like this, and hand it to the" + " call: "
                    + JavaText.comment(value.toString(), MOST_IN_COMMENT));
            return;
        }
        String wanted = JavaText.identifier(name);
        String free = wanted;
        for (int i = 2; values.containsKey(free); i++) {
            if (Objects.equals(values.get(free), expression)) {
                return;
            }
            free = wanted + i;
        }
        values.put(free, expression);
        lines.add("// " + comment);
        lines.add("var " + free + " = " + (expression.equals("null") ? "(Object) null" : expression) + ";");
    }

    /** The class and the message of what went wrong first, and the class that the run failed with; empty where it did not. */
    String failure() {
        return failure;
    }

    /**
     * The source.
     *
     * @param call an expression that calls the application, {@code null} for none
     */
    String text(Target at, String run, String id, @Nullable String call) {
        StringBuilder out = new StringBuilder();
        if (!at.packageName().isEmpty()) {
            out.append("package ").append(at.packageName()).append(";\n\n");
        }
        if (!failure.isEmpty() && call != null) {
            out.append("import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;\n");
        }
        if (call == null) {
            out.append("import static org.junit.jupiter.api.Assertions.fail;\n");
        }
        out.append(call != null && failure.isEmpty() ? "" : "\n");
        out.append("import io.fmware.testing.cassette.Recorded;\nimport org.junit.jupiter.api.Test;\n\n");
        out.append("class ").append(at.className()).append(" {\n\n");
        out.append("    /** Run ").append(JavaText.comment(run, MOST_IN_COMMENT));
        out.append(" with the id ").append(JavaText.comment(id, MOST_IN_COMMENT));
        out.append(", recorded at ").append(JavaText.comment(begun, MOST_IN_COMMENT));
        out.append(failure.isEmpty() ? "." : ". It failed with " + JavaText.comment(failure, MOST_IN_COMMENT));
        out.append(" */\n    @Recorded\n    @Test\n");
        out.append(
                values.isEmpty()
                        ? ""
                        : "    @SuppressWarnings({\"unused\", \"StringConcatToTextBlock\"}) // values that your call may need\n");
        out.append("    void ").append(at.method()).append("() throws Exception {\n");
        lines.forEach(line -> out.append("        ").append(line).append('\n'));
        out.append(lines.isEmpty() ? "" : "\n").append("        // Here the application is called, as it was then.\n");
        out.append("        ").append(body(call)).append("\n    }\n");
        out.append(source.isWithMaps() ? JavaValue.MAP_OF : "").append("}\n");
        return out.toString();
    }

    private String body(@Nullable String call) {
        if (call == null) {
            return "fail(\"call your application here" + (values.isEmpty() ? "" : " with: ")
                    + String.join(", ", values.keySet()) + "\");";
        }
        return failure.isEmpty()
                ? call + ";"
                : "assertDoesNotThrow(() -> {\n            " + call + ";\n        }, "
                        + JavaText.literal("when this was recorded it failed with " + failure)
                        + ");";
    }

    /**
     * Where a test goes.
     *
     * @param packageName its package, empty for none
     * @param className the simple name of its class
     * @param method its method
     */
    record Target(String packageName, String className, String method) {

        /** The directory of the package, with a slash behind it. */
        String folder() {
            return packageName.isEmpty() ? "" : packageName.replace('.', '/') + "/";
        }
    }
}
