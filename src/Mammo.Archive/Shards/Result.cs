using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Mammo.Archive.Lines;

namespace Mammo.Archive.Shards;

/// <summary>A value of a result: a text, or a number with the text that gives every bit of it back. Null where there is none.</summary>
/// <param name="Text">The text.</param>
/// <param name="IsNumber">Whether it is a number.</param>
public readonly record struct FieldValue(string? Text, bool IsNumber)
{
    /// <summary>A text.</summary>
    public static FieldValue Of(string? text) => new(text, false);

    /// <summary>A number; what is not finite is a text, for JSON has no word for it.</summary>
    public static FieldValue Of(double number) => new(number.ToString("R", CultureInfo.InvariantCulture), double.IsFinite(number));

    /// <summary>A whole number.</summary>
    public static FieldValue Of(long number) => new(number.ToString(CultureInfo.InvariantCulture), true);
}

/// <summary>What became of an image: its scores, or why it has none.</summary>
/// <param name="Fields">What is known of it, by column; of a refused one what the worklist says.</param>
public sealed record Result(ImmutableArray<KeyValuePair<string, FieldValue>> Fields)
{
    /// <summary>Id of the error for which it was refused; null when it was scored.</summary>
    public string? Refused { get; init; }

    /// <summary>The error's message.</summary>
    public string? Reason { get; init; }
}

/// <summary>How results are written in a journal.</summary>
internal static class ResultLines
{
    private const string Identity = "id";
    private const string Refused = "refused";

    private static ReadOnlySpan<byte> Start => "{\"id\":\""u8;

    private static ReadOnlySpan<byte> HeaderStart => "{\"shard\":\""u8;

    public static void WriteHeader(ArrayBufferWriter<byte> target, Shard shard, RunDescription run) => CheckedLine.Write(target, json =>
    {
        json.WriteString("shard", $"{shard}");
        json.WriteString("machine", Environment.MachineName);
        json.WriteNumber("process", Environment.ProcessId);
        json.WriteString("started", DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteStartObject("run");
        run.Write(json);
        json.WriteEndObject();
    });

    public static bool IsHeader(ReadOnlySpan<byte> line) => line.StartsWith(HeaderStart);

    /// <exception cref="JsonException">It is none.</exception>
    public static RunDescription Header(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        using var json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.TryGetProperty("run", out var run) ? RunDescription.Parse(run) : throw new JsonException("it names no run");
    }

    public static void Write(ArrayBufferWriter<byte> target, string identity, Result result) => CheckedLine.Write(target, json =>
    {
        json.WriteString(Identity, identity);
        if (result.Refused is not null)
        {
            json.WriteString(Refused, result.Refused);
            json.WriteString("reason", result.Reason);
        }

        json.WriteStartObject("fields");
        foreach (var (name, value) in result.Fields)
        {
            json.WritePropertyName(name);
            if (value.Text is null)
                json.WriteNullValue();
            else if (value.IsNumber)
                json.WriteRawValue(value.Text, skipInputValidation: true);
            else
                json.WriteStringValue(value.Text);
        }

        json.WriteEndObject();
    });

    /// <summary>Identity of a result, and whether it was refused, without reading the rest.</summary>
    /// <exception cref="JsonException">It is no result.</exception>
    public static ReadOnlySpan<byte> IdentityOf(ReadOnlySpan<byte> line, out bool isRefused)
    {
        if (line.StartsWith(Start))
        {
            var rest = line[Start.Length..];
            var end = rest.IndexOfAny((byte)'"', (byte)'\\');
            if (end > 0 && rest[end] == '"')
            {
                isRefused = rest[end..].StartsWith("\",\"refused\":"u8);
                return rest[..end];
            }
        }

        var reader = new Utf8JsonReader(line);
        using var json = JsonDocument.ParseValue(ref reader);
        isRefused = json.RootElement.TryGetProperty(Refused, out _);
        return json.RootElement.TryGetProperty(Identity, out var identity)
            ? System.Text.Encoding.UTF8.GetBytes(identity.GetString()!)
            : throw new JsonException("it has no identity");
    }

    /// <exception cref="JsonException">It is no result.</exception>
    public static Result Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        using var json = JsonDocument.ParseValue(ref reader);
        var root = json.RootElement;
        return new Result([.. root.GetProperty("fields").EnumerateObject().Select(field => KeyValuePair.Create(field.Name, Value(field.Value)))])
        {
            Refused = root.TryGetProperty(Refused, out var id) ? id.GetString() : null,
            Reason = root.TryGetProperty("reason", out var reason) ? reason.GetString() : null,
        };
    }

    private static FieldValue Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => default,
        JsonValueKind.Number => new FieldValue(value.GetRawText(), true),
        _ => FieldValue.Of(value.GetString()),
    };
}
