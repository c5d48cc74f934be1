package io.fmware.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts an answer into the form of a JSON schema, by the name and type of each property; all properties are present.
 *
 * <table>
 *   <caption>What a property gets</caption>
 *   <tr><th>type</th><th>named</th><th>value</th></tr>
 *   <tr><td>string</td><td>source, citation, document</td><td>the first source, or an empty text</td></tr>
 *   <tr><td>string</td><td>question</td><td>the question</td></tr>
 *   <tr><td>string</td><td>answer, text, reply, ... or no match</td><td>the answer</td></tr>
 *   <tr><td>string</td><td>anything else</td><td>the best sentence for the name and description</td></tr>
 *   <tr><td>array</td><td>source, citation, document</td><td>the sources</td></tr>
 *   <tr><td>array</td><td>anything else</td><td>the sentences of the answer, or one element</td></tr>
 *   <tr><td>number, integer</td><td>confidence, score, probability</td><td>the confidence, 0 to 1; 0 to 100</td></tr>
 *   <tr><td>number, integer</td><td>anything else</td><td>the first number in the answer, or 0</td></tr>
 *   <tr><td>boolean</td><td>found, known, answered, grounded</td><td>whether there is an answer</td></tr>
 *   <tr><td>boolean</td><td>anything else</td><td>false if there is none or it holds a negation, else true</td></tr>
 *   <tr><td>enum</td><td></td><td>the value with most terms in answer and question; then the first</td></tr>
 * </table>
 *
 * <p>References are followed to a depth of eight; raw schemas are not understood and give null.
 */
final class SchemaFiller {

    private static final int MAX_DEPTH = 8;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Set<String> SOURCE =
            Set.of("source", "sources", "citation", "citations", "document", "documents", "references", "reference");
    private static final Set<String> ANSWER =
            Set.of("answer", "text", "reply", "response", "message", "summary", "result", "content", "explanation");
    private static final Set<String> CERTAINTY = Set.of("confidence", "score", "probability", "certainty");
    private static final Set<String> KNOWN =
            Set.of("found", "known", "answered", "grounded", "supported", "answerable");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(?:,\\d{3})*(?:\\.\\d{1,18})?");
    private static final Pattern NEGATION = Pattern.compile("(?i)\\b(no|not|never|cannot|without)\\b|n't\\b");

    private final String question;
    private final String answer;
    private final Ranking.Extract extract;
    private final Ranking ranking;
    private Map<String, JsonSchemaElement> definitions = Map.of();

    SchemaFiller(String question, String answer, Ranking.Extract extract, Ranking ranking) {
        this.question = question;
        this.answer = answer;
        this.extract = extract;
        this.ranking = ranking;
    }

    /** The answer as JSON; without a schema an object with answer, sources and confidence. */
    String json(@Nullable JsonSchema schema) {
        JsonSchemaElement root = schema == null
                ? JsonObjectSchema.builder()
                        .addStringProperty("answer")
                        .addProperty(
                                "sources",
                                JsonArraySchema.builder()
                                        .items(new JsonStringSchema())
                                        .build())
                        .addNumberProperty("confidence")
                        .build()
                : schema.rootElement();
        if (root instanceof JsonObjectSchema object && object.definitions() != null) {
            definitions = object.definitions();
        }
        return value("answer", root, 0).toString();
    }

    private JsonNode value(String name, JsonSchemaElement type, int depth) {
        if (type instanceof JsonStringSchema) {
            return JSON.textNode(text(name, type));
        }
        if (type instanceof JsonNumberSchema) {
            return JSON.numberNode(named(name, CERTAINTY) ? rounded(extract.confidence()) : number());
        }
        if (type instanceof JsonIntegerSchema) {
            return JSON.numberNode(named(name, CERTAINTY) ? percent() : number().toBigInteger());
        }
        if (type instanceof JsonBooleanSchema) {
            boolean known = extract.found();
            return JSON.booleanNode(
                    named(name, KNOWN)
                            ? known
                            : known && !NEGATION.matcher(answer).find());
        }
        if (type instanceof JsonEnumSchema choice) {
            return JSON.textNode(closest(choice.enumValues()));
        }
        if (type instanceof JsonObjectSchema object) {
            ObjectNode node = JSON.objectNode();
            object.properties().forEach((key, element) -> node.set(key, value(key, element, depth + 1)));
            return node;
        }
        if (type instanceof JsonArraySchema array) {
            return array(name, array.items(), depth);
        }
        if (type instanceof JsonAnyOfSchema any && !any.anyOf().isEmpty()) {
            return value(name, any.anyOf().get(0), depth);
        }
        if (type instanceof JsonReferenceSchema reference && depth < MAX_DEPTH) {
            JsonSchemaElement element = definitions.get(reference.reference());
            return element == null ? JSON.nullNode() : value(name, element, depth + 1);
        }
        return JSON.nullNode();
    }

    private ArrayNode array(String name, @Nullable JsonSchemaElement items, int depth) {
        ArrayNode node = JSON.arrayNode();
        if (items instanceof JsonStringSchema) {
            (named(name, SOURCE) ? extract.sources() : extract.sentences()).forEach(node::add);
        } else if (items != null && extract.found() && depth < MAX_DEPTH) {
            JsonNode element = value(name, items, depth + 1);
            if (!element.isNull()) {
                node.add(element);
            }
        }
        return node;
    }

    private String text(String name, JsonSchemaElement type) {
        if (named(name, SOURCE)) {
            return extract.sources().isEmpty() ? "" : extract.sources().get(0);
        }
        if (named(name, Set.of("question"))) {
            return question;
        }
        if (named(name, ANSWER) || !extract.found()) {
            return answer;
        }
        String description = type.description() == null ? "" : type.description();
        Ranking.Extract own = ranking.best(ToolChooser.spaced(name) + " " + description, 1);
        return own.found() ? own.text() : answer;
    }

    private BigDecimal number() {
        Matcher number = NUMBER.matcher(extract.text());
        return number.find() ? new BigDecimal(number.group().replace(",", "")) : BigDecimal.ZERO;
    }

    private BigInteger percent() {
        return BigInteger.valueOf(Math.round(extract.confidence() * 100));
    }

    private static BigDecimal rounded(double value) {
        return BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP);
    }

    private String closest(List<String> options) {
        Set<String> terms = new HashSet<>(Terms.of(extract.text()));
        terms.addAll(Terms.of(question));
        String best = options.isEmpty() ? "" : options.get(0);
        int most = 0;
        for (String option : options) {
            Set<String> shared = new HashSet<>(Terms.of(ToolChooser.spaced(option)));
            shared.retainAll(terms);
            if (shared.size() > most) {
                most = shared.size();
                best = option;
            }
        }
        return best;
    }

    private static boolean named(String name, Set<String> names) {
        for (String word : ToolChooser.spaced(name).toLowerCase(Locale.ROOT).split(" ", -1)) {
            if (names.contains(word)) {
                return true;
            }
        }
        return false;
    }
}
