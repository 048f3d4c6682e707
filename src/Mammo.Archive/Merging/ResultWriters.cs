using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mammo.Archive.Shards;

namespace Mammo.Archive.Merging;

/// <summary>Writes merged rows as they come.</summary>
internal static class ResultWriters
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n");

    /// <summary>The writer of a format.</summary>
    public static Action<Stream, MergedColumns, IEnumerable<MergedRow>> Of(ResultFormat format, string path) => format switch
    {
        ResultFormat.Csv => Csv,
        ResultFormat.JsonLines => JsonLines,
        ResultFormat.Parquet => ParquetResults.Write,
        _ => Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".parquet" => ParquetResults.Write,
            ".jsonl" or ".ndjson" => JsonLines,
            _ => Csv,
        },
    };

    private static void Csv(Stream stream, MergedColumns columns, IEnumerable<MergedRow> rows)
    {
        using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        text.WriteLine(string.Join(',', columns.All.Select(column => Field(column.Name))));
        foreach (var row in rows)
            text.WriteLine(string.Join(',', columns.Values(row).Select(value => Field(value.Text))));
    }

    private static void JsonLines(Stream stream, MergedColumns columns, IEnumerable<MergedRow> rows)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        foreach (var row in rows)
        {
            var values = columns.Values(row);
            json.WriteStartObject();
            for (var place = 0; place < values.Length; place++)
            {
                json.WritePropertyName(columns.All[place].Name);
                if (values[place].Text is not { } value)
                    json.WriteNullValue();
                else if (values[place].IsNumber)
                    json.WriteRawValue(value);
                else
                    json.WriteStringValue(value);
            }

            json.WriteEndObject();
            json.Flush();
            stream.WriteByte((byte)'\n');
            json.Reset();
        }
    }

    private static string Field(string? text) =>
        text is null || !text.AsSpan().ContainsAny(Quoted) ? text ?? "" : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
