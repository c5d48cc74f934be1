package io.fmware.benchmarks;

import static io.fmware.benchmarks.Dice.ALNUM;
import static io.fmware.benchmarks.Dice.BASE64;
import static io.fmware.benchmarks.Dice.HEX;
import static io.fmware.benchmarks.Dice.LOWER;
import static io.fmware.benchmarks.Dice.WORD;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What secrets are planted in: prose, JSON, logs, URLs, headers, code, stack traces, files. */
final class Carriers {
    /** Kinds that only what stands before them tells from any other word. */
    private static final List<String> BY_CONTEXT = List.of(
            "password",
            "password-quoted",
            "url-password",
            "jdbc-password",
            "aws-secret-key",
            "azure-storage-key",
            "azure-openai-key",
            "azure-subscription-key",
            "twilio-auth-token",
            "api-key",
            "client-secret",
            "access-token",
            "bearer",
            "basic",
            "cookie");

    private static final String[] ANYWHERE = {
        "Hi, I think that %s is what you asked for, thank you!",
        "%s is mine",
        "it was %s",
        "Why does it refuse %s?",
        "I pasted `%s` by mistake (sorry).",
        "We saw (%s) twice; then [%s] again.",
        "See: '%s'.",
        "The last one, %s, was revoked.",
        "2026-05-01 12:00:01,123 INFO [main] c.a.shop.Cart - loaded %s in 12 ms",
        "level=info msg=\"call failed\" value=%s status=401",
        "<166>1 2026-05-01T12:00:01Z host app 411 - - got %s\n",
        "X-Custom: %s\r\nAccept: */*\r\n",
        "client = Client(\"%s\")\nclient.run()",
        "String value = '%s';",
        "java.lang.IllegalStateException: refused %s\n\tat com.acme.Shop.open(Shop.java:41)\n\tat com.acme.Main.main(Main.java:7)",
        "first line\n%s\nlast line",
        "- %s\n- other\n",
        "7,%s,true\n8,,false\n",
        "<value>%s</value>",
        "Config[value=%s, region=eu]",
        "{value=%s, region=eu}",
        "export VALUE=%s && run",
        "curl -H 'X-Custom: %s' localhost",
        "\t%s\t",
        "**%s**",
        "a|%s|b",
        "Grüße aus Köln: %s – 你好 😀",
    };

    private static final String[] JSON = {
        "{\"id\":17,\"value\":\"%s\",\"ok\":true}",
        "{\n  \"messages\": [{\"role\": \"user\", \"content\": \"It is %s, is it?\"}]\n}",
        "[\"%s\"]",
        "{\"text\":\"first\\n%s\\nlast\"}",
        "{\"text\":\"\\t%s\\u0020\"}",
    };

    private static final String[] URLS = {
        "GET https://api.acme.io/v1/items?value=%s&page=2 HTTP/1.1",
        "https://acme.io/#value=%s",
        "redirect=https%%3A%%2F%%2Facme.io%%2F%%3Fvalue%%3D%s%%26page%%3D2",
    };

    private static final String[] PASSWORD = {
        "password=%s",
        "password: %s\nuser: joe\n",
        "DB_PASSWORD=%s\nDB_USER=joe\n",
        "spring.datasource.password=%s\nspring.datasource.url=jdbc:h2:mem:x\n",
        "passwd: %s\n",
        "Server=db;User Id=sa;Password=%s;Encrypt=true",
        "server=db;uid=sa;pwd=%s;encrypt=true",
        "login with user=joe password=%s failed",
        "POST /login username=joe&password=%s&remember=on",
        "Login[user=joe, password=%s]",
        "{user=joe, password=%s}",
        "<password>%s</password>",
        "<property name=\"x\"/><db.password>%s</db.password>",
        "https://acme.io/login?password=%s&x=1",
        "PGPASSWORD=%s psql -h db",
    };

    private static final String[] PASSWORD_QUOTED = {
        "{\"user\":\"joe\",\"password\":\"%s\",\"x\":1}",
        "{\n  \"password\" : \"%s\"\n}",
        "password = \"%s\"\nuser = \"joe\"",
        "{\"dbPassword\": \"%s\"}",
        "String password = \"%s\";",
        "connect(user=\"joe\", password=\"%s\")",
        "{\"passphrase\":\"%s\"}",
    };

    private static final String[] URL_PASSWORD = {
        "postgres://joe:%s@db.acme.io:5432/shop",
        "DATABASE_URL=mysql://joe:%s@10.1.2.3/shop?ssl=true",
        "mongodb+srv://joe:%s@cluster0.acme.io/test",
        "redis://:%s@cache:6379/0",
        "amqp://joe:%s@queue/vhost",
        "git clone https://joe:%s@git.acme.io/shop.git",
        "could not connect to \"https://joe:%s@acme.io/x\"",
    };

    private static final String[] JDBC = {
        "jdbc:postgresql://db/shop?user=joe&password=%s&ssl=true",
        "jdbc:sqlserver://db:1433;databaseName=shop;user=sa;password=%s;encrypt=true",
        "jdbc:mysql://joe:%s@db:3306/shop",
        "jdbc:oracle:thin:scott/%s@//db:1521/shop",
        "jdbc:oracle:thin:scott/%s@db:1521:shop",
        "jdbc:db2://db:50000/shop:user=joe;password=%s;",
    };

    private static final String[] AWS = {
        "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = %s\nregion = eu-west-1\n",
        "AWS_SECRET_ACCESS_KEY=%s",
        "export AWS_SECRET_ACCESS_KEY=\"%s\"",
        "{\"AccessKeyId\":\"x\",\"SecretAccessKey\": \"%s\",\"Expiration\":\"2026\"}",
        "secretAccessKey: '%s',",
        "<SecretAccessKey>%s</SecretAccessKey>",
        "new BasicAWSCredentials(id, awsSecretKey = \"%s\")",
    };

    private static final String[] AZURE_STORAGE = {
        "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=%s;EndpointSuffix=core.windows.net",
        "{\"conn\":\"AccountName=acme;AccountKey=%s\"}",
        "Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=%s",
    };

    private static final String[] AZURE_OPENAI = {
        "POST /openai/deployments/gpt/chat/completions HTTP/1.1\r\napi-key: %s\r\nHost: acme\r\n",
        "{\"api-key\":\"%s\"}",
        "AZURE_OPENAI_API_KEY=%s\n",
        "curl -H \"api-key: %s\" https://acme.openai.azure.com",
        "headers={'api-key': '%s'}",
    };

    private static final String[] API_KEY = {
        "X-API-Key: %s\r\n",
        "x-api-key=%s",
        "api_key=%s",
        "{\"apiKey\":\"%s\"}",
        "apikey: %s\n",
        "ACME_API_KEY=%s ./run",
        "https://acme.io/v1?api_key=%s&x=1",
        "Client[apiKey=%s, url=https://acme.io]",
        "const apiKey = '%s';",
        "private_key=%s",
        "encryption_key: \"%s\"",
        "access_key: %s\n",
    };

    private static final String[] CLIENT_SECRET = {
        "grant_type=client_credentials&client_id=a&client_secret=%s",
        "client_secret: %s\n",
        "{\"clientSecret\":\"%s\"}",
        "SECRET_KEY='%s'",
        "secret=%s",
        "app.jwt.secret=%s\n",
    };

    private static final String[] ACCESS_TOKEN = {
        "{\"access_token\":\"%s\",\"token_type\":\"bearer\",\"expires_in\":3600}",
        "{\"refresh_token\":\"%s\"}",
        "https://acme.io/cb#access_token=%s&state=1",
        "auth_token=%s",
        "ACME_TOKEN=%s\n",
        "//registry.acme.io/:_authToken=%s\n",
        "X-Auth-Token: %s\r\n",
        "token: \"%s\"",
    };

    private static final String[] BEARER = {
        "Authorization: Bearer %s\r\nAccept: */*\r\n",
        "{\"Authorization\":\"Bearer %s\"}",
        "curl -H \"Authorization: Bearer %s\" https://acme.io",
        "authorization=Bearer %s",
        "headers = {'Authorization': 'Bearer %s'}",
        "Authorization: bearer %s",
        "[Authorization: Bearer %s]",
    };

    private static final String[] BASIC = {
        "Authorization: Basic %s\r\n",
        "{\"Authorization\":\"Basic %s\"}",
        "curl -H 'Authorization: Basic %s'",
        "Proxy-Authorization: Basic %s",
    };

    private static final String[] COOKIE = {
        "Cookie: JSESSIONID=%s; theme=dark\r\n",
        "Set-Cookie: sid=%s; Path=/; HttpOnly\r\n",
        "curl -H 'Cookie: session=%s'",
        "{\"Cookie\":\"session=%s\"}",
    };

    private Carriers() {}

    static List<String> kinds() {
        List<String> kinds = new ArrayList<>(SecretForms.kinds());
        kinds.addAll(PersonalForms.kinds());
        kinds.addAll(BY_CONTEXT);
        return kinds;
    }

    /**
     * A text with a secret in it.
     *
     * @param secret what must not be seen
     * @param text the text
     */
    record Planted(PlantedSecret secret, String text) {}

    static Planted plant(String kind, Dice dice) {
        Planted planted = BY_CONTEXT.contains(kind) ? byContext(kind, dice) : anywhere(kind, dice);
        return switch (dice.below(8)) {
            case 0 -> new Planted(planted.secret, filler(dice) + "\n" + planted.text + "\n" + filler(dice));
            case 1 -> new Planted(escaped(planted.secret), "{\"body\":\"" + escaped(planted.text) + "\"}");
            case 2 -> new Planted(planted.secret, planted.text + "\n\n" + filler(dice));
            default -> planted;
        };
    }

    private static Planted anywhere(String kind, Dice dice) {
        PlantedSecret secret =
                PersonalForms.kinds().contains(kind) ? PersonalForms.of(kind, dice) : SecretForms.of(kind, dice);
        int where = dice.below(10);
        if (where < 2) {
            return escapedIn(secret, dice.pick(JSON));
        }
        if (where == 2 && !secret.value().contains(" ") && !secret.value().contains("\n")) {
            String encoded = URLEncoder.encode(secret.value(), StandardCharsets.UTF_8);
            List<String> parts = secret.parts().stream()
                    .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
                    .toList();
            return new Planted(new PlantedSecret(kind, encoded, parts), fill(dice.pick(URLS), encoded));
        }
        return new Planted(secret, fill(dice.pick(ANYWHERE), secret.value()));
    }

    private static Planted byContext(String kind, Dice dice) {
        return switch (kind) {
            case "password" -> plain(kind, PersonalForms.password(dice, "!#*+_.^~-$"), dice.pick(PASSWORD));
            case "password-quoted" ->
                escapedIn(
                        new PlantedSecret(kind, PersonalForms.password(dice, " !#*+_.^~-$,;:<>()[]{}&?=\\\"'")),
                        dice.pick(PASSWORD_QUOTED));
            case "url-password" -> plain(kind, PersonalForms.password(dice, "_.~-!$*"), dice.pick(URL_PASSWORD));
            case "jdbc-password" -> plain(kind, PersonalForms.password(dice, "_.~-!$*"), dice.pick(JDBC));
            case "aws-secret-key" -> plain(kind, dice.text(BASE64, 40), dice.pick(AWS));
            case "azure-storage-key" ->
                plain(
                        kind,
                        Base64.getEncoder().encodeToString(dice.bytes(dice.oneOf(3) ? 32 : 64)),
                        dice.pick(AZURE_STORAGE));
            case "azure-openai-key" ->
                plain(
                        kind,
                        dice.oneOf(2) ? dice.text(HEX, 32) : dice.text(ALNUM, 52) + "JQQJ99" + dice.text(ALNUM, 26),
                        dice.pick(AZURE_OPENAI));
            case "azure-subscription-key" ->
                plain(
                        kind,
                        dice.text(HEX, 32),
                        dice.pick(
                                "Ocp-Apim-Subscription-Key: %s\r\n",
                                "{\"Ocp-Apim-Subscription-Key\":\"%s\"}",
                                "https://api.acme.io/?subscription-key=%s&x=1"));
            case "twilio-auth-token" ->
                plain(
                        kind,
                        dice.text(HEX, 32),
                        dice.pick("TWILIO_AUTH_TOKEN=%s\n", "auth_token: '%s'", "{\"authToken\":\"%s\"}"));
            case "api-key" -> plain(kind, dice.text(ALNUM, 16, 64), dice.pick(API_KEY));
            case "client-secret" -> plain(kind, dice.text(WORD, 24, 64), dice.pick(CLIENT_SECRET));
            case "access-token" -> plain(kind, dice.text(ALNUM + "-._~", 20, 80), dice.pick(ACCESS_TOKEN));
            case "bearer" ->
                plain(kind, dice.text(ALNUM + "-._~+/", 20, 400) + dice.pick("", "=", "=="), dice.pick(BEARER));
            case "basic" ->
                plain(
                        kind,
                        Base64.getEncoder()
                                .encodeToString(
                                        (dice.text(LOWER, 3, 12) + ":" + PersonalForms.password(dice, "!#*+_.^~-$"))
                                                .getBytes(StandardCharsets.UTF_8)),
                        dice.pick(BASIC));
            case "cookie" -> plain(kind, dice.text(ALNUM, 20, 64), dice.pick(COOKIE));
            default -> throw new IllegalArgumentException("no such kind: " + kind);
        };
    }

    private static Planted plain(String kind, String value, String carrier) {
        return new Planted(new PlantedSecret(kind, value), fill(carrier, value));
    }

    private static Planted escapedIn(PlantedSecret secret, String carrier) {
        return new Planted(escaped(secret), fill(carrier, escaped(secret.value())));
    }

    private static PlantedSecret escaped(PlantedSecret secret) {
        return new PlantedSecret(
                secret.kind(),
                secret.value(),
                secret.parts().stream().map(Carriers::escaped).toList());
    }

    private static String fill(String carrier, String value) {
        return carrier.replace("%%", "%").replace("%s", value);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }

    private static String filler(Dice dice) {
        StringBuilder filler = new StringBuilder();
        int words = dice.between(10, 80);
        for (int i = 0; i < words; i++) {
            filler.append(i == 0 ? "" : dice.pick(" ", " ", " ", ", ", ". ", "\n"))
                    .append(dice.text(LOWER, 1, 9));
        }
        return filler.toString();
    }
}
