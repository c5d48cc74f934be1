package io.fmware.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the arguments of one tool call in what the user said, by the name, description and type of each parameter.
 *
 * <p>Numbers fill numeric parameters. A text parameter takes, by its name: an e-mail address, a date (yyyy-mm-dd), a
 * currency (three capitals), the whole question ({@code query}, {@code question}, {@code text}); otherwise what stands in
 * quotes, a word with a digit in it (an account, order or card number), or a capitalised word that does not begin a
 * sentence. Of several candidates it takes the first that follows a word of the parameter's name, else the first; each
 * candidate fills one parameter.
 */
final class ArgumentFinder {

    private static final Pattern EMAIL = Pattern.compile("[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+");
    private static final Pattern DATE = Pattern.compile("\\b\\d{4}-\\d{2}-\\d{2}\\b");
    private static final Pattern CURRENCY = Pattern.compile("\\b[A-Z]{3}\\b");
    private static final Pattern QUOTED = Pattern.compile("(?<=[\"\u201c])[^\"\u201c\u201d]+(?=[\"\u201d])");
    private static final Pattern WITH_DIGIT = Pattern.compile("\\b(?=[\\w-]*\\d)[\\p{L}\\d][\\w-]*\\b");
    private static final Pattern CAPITALISED = Pattern.compile("(?<=[\\p{Ll}\\p{N},] )\\p{Lu}[\\p{L}-]+");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w-])-?\\d+(?:,\\d{3})*(?:\\.\\d+)?(?![\\w-])");
    private static final Set<String> WHOLE = Set.of("query", "question", "text", "message", "request", "input");

    private final String question;
    private final List<String> places;
    private final boolean insist;
    private final Set<String> used = new HashSet<>();

    /** Looks into the question first, then into all that the user said; finds something for everything if it must. */
    ArgumentFinder(String question, String said, boolean insist) {
        this.question = question;
        this.places = List.of(question, said);
        this.insist = insist;
    }

    /** The arguments as JSON; empty if a required parameter finds no value. */
    Optional<String> find(ToolSpecification tool) {
        JsonNode arguments =
                tool.parameters() == null ? JsonNodeFactory.instance.objectNode() : object(tool.parameters());
        return Optional.ofNullable(arguments).map(JsonNode::toString);
    }

    private @Nullable JsonNode object(JsonObjectSchema schema) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonSchemaElement> property : schema.properties().entrySet()) {
            JsonNode value = value(property.getKey(), property.getValue());
            if (value != null) {
                object.set(property.getKey(), value);
            } else if (schema.required() != null && schema.required().contains(property.getKey())) {
                return null;
            }
        }
        return object;
    }

    private @Nullable JsonNode value(String name, JsonSchemaElement type) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        String about = ToolChooser.spaced(name) + " " + (type.description() == null ? "" : type.description());
        if (type instanceof JsonStringSchema) {
            String text = text(name, about);
            return text == null ? (insist ? json.textNode(question) : null) : json.textNode(text);
        }
        if (type instanceof JsonIntegerSchema || type instanceof JsonNumberSchema) {
            String number = candidate(NUMBER, about);
            if (number == null) {
                return insist ? json.numberNode(0) : null;
            }
            BigDecimal value = new BigDecimal(number.replace(",", ""));
            return type instanceof JsonIntegerSchema ? json.numberNode(value.toBigInteger()) : json.numberNode(value);
        }
        if (type instanceof JsonBooleanSchema) {
            return json.booleanNode(sharesTerm(question, about));
        }
        if (type instanceof JsonEnumSchema choice) {
            return choice.enumValues().stream()
                    .filter(option -> sharesTerm(question, ToolChooser.spaced(option)))
                    .findFirst()
                    .or(() -> insist ? choice.enumValues().stream().findFirst() : Optional.empty())
                    .map(json::textNode)
                    .orElse(null);
        }
        if (type instanceof JsonArraySchema array) {
            JsonNode element = array.items() == null ? null : value(name, array.items());
            return element == null ? null : json.arrayNode().add(element);
        }
        return type instanceof JsonObjectSchema nested ? object(nested) : null;
    }

    private @Nullable String text(String name, String about) {
        Set<String> words = new HashSet<>(
                Arrays.asList(ToolChooser.spaced(name).toLowerCase(Locale.ROOT).split(" ", -1)));
        if (words.stream().anyMatch(WHOLE::contains)) {
            return question;
        }
        if (words.contains("email") || words.contains("mail")) {
            return candidate(EMAIL, about);
        }
        if (words.contains("date") || words.contains("day")) {
            return candidate(DATE, about);
        }
        if (words.contains("currency")) {
            return candidate(CURRENCY, about);
        }
        for (Pattern pattern : List.of(QUOTED, WITH_DIGIT, CAPITALISED)) {
            String found = candidate(pattern, about);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable String candidate(Pattern pattern, String about) {
        for (String place : places) {
            List<int[]> found = new ArrayList<>();
            for (Matcher matcher = pattern.matcher(place); matcher.find(); ) {
                if (!used.contains(matcher.group())) {
                    found.add(new int[] {matcher.start(), matcher.end()});
                }
            }
            int[] chosen = found.stream()
                    .filter(at -> sharesTerm(before(place, at[0]), about))
                    .findFirst()
                    .orElse(found.isEmpty() ? null : found.get(0));
            if (chosen != null) {
                String value = place.substring(chosen[0], chosen[1]);
                used.add(value);
                return value;
            }
        }
        return null;
    }

    /** The three words before a place: "of account number 17". */
    private static String before(String text, int at) {
        List<String> words = Texts.words(text.substring(0, at));
        return String.join("", words.subList(Math.max(0, words.size() - 3), words.size()));
    }

    private static boolean sharesTerm(String left, String right) {
        Set<String> terms = new HashSet<>(Terms.of(left));
        return Terms.of(right).stream().anyMatch(terms::contains);
    }
}
