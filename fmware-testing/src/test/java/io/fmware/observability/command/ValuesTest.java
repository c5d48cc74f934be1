package io.fmware.observability.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"text\" | text",
                "-1.5 | -1.5",
                "{} | ``",
                "null | null",
                "[1,{\"long\":\"2\"}] | [1, 2]",
                "{\"set\":[\"a\",null]} | [a, null]",
                "{\"map\":{\"a\":1,\"b\":{\"uuid\":\"u\"}}} | {a=1, b=u}",
                "{\"record\":\"x.y.Z$Claim\",\"of\":{\"id\":\"c1\",\"on\":{\"enum\":\"x.Day\",\"of\":\"MONDAY\"}}} | Claim[id=c1, on=MONDAY]",
                "{\"type\":\"x.Z\",\"text\":\"shown\"} | shown",
                "{\"json\":{\"a\":[1]}} | {\"a\":[1]}",
                "{\"message\":{\"text\":\"hi\",\"type\":\"SYSTEM\"}} | hi",
                "{\"content\":{\"text\":\"a document\",\"metadata\":{\"page\":1}}} | a document",
                "{\"moderation\":{\"flagged\":true}} | flagged",
                "{\"moderation\":{\"flagged\":false}} | not flagged",
                "{\"toolResult\":{\"text\":\"12 EUR\",\"objectIsText\":true}} | 12 EUR",
                "{\"toolResult\":{\"contents\":{\"contents\":[{\"type\":\"IMAGE\"}],\"type\":\"USER\"}}} | [IMAGE]"
            })
    void a_value_is_shown_much_like_java_shows_it(String json, String shown) throws IOException {
        assertThat(Values.shown(JsonMapper.builder().build().readTree(json))).isEqualTo(shown);
    }
}
