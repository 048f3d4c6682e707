using System.Globalization;
using Mammo.Archive.Shards;
using Parquet;
using Parquet.Schema;

namespace Mammo.Archive.Merging;

/// <summary>Merged rows as Apache Parquet: numbers as doubles and 64-bit integers, everything else as text; all columns may be null.</summary>
internal static class ParquetResults
{
    // Rows that are held until they are written together.
    private const int GroupRows = 20_000;

    public static void Write(Stream stream, MergedColumns columns, IEnumerable<MergedRow> rows) => WriteAsync(stream, columns, rows).GetAwaiter().GetResult();

    private static async Task WriteAsync(Stream stream, MergedColumns columns, IEnumerable<MergedRow> rows)
    {
        DataField[] fields = [.. columns.All.Select(Field)];
        await using var file = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream).ConfigureAwait(false);
        foreach (var group in rows.Select(columns.Values).Chunk(GroupRows))
        {
            using var part = file.CreateRowGroup();
            for (var place = 0; place < fields.Length; place++)
                await WriteColumn(part, fields[place], columns.All[place].Type, group, place).ConfigureAwait(false);
        }
    }

    private static DataField Field(ResultColumn column) => column.Type switch
    {
        ColumnType.Number => new DataField<double?>(column.Name),
        ColumnType.Integer => new DataField<long?>(column.Name),
        _ => new DataField<string>(column.Name, nullable: true),
    };

    private static Task WriteColumn(ParquetRowGroupWriter part, DataField field, ColumnType type, FieldValue[][] rows, int place)
    {
        switch (type)
        {
            case ColumnType.Number:
                double?[] numbers = [.. rows.Select(row => row[place].Text is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : (double?)null)];
                return part.WriteAsync<double>(field, numbers);
            case ColumnType.Integer:
                long?[] integers = [.. rows.Select(row => row[place].Text is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : (long?)null)];
                return part.WriteAsync<long>(field, integers);
            default:
                string?[] texts = [.. rows.Select(row => row[place].Text)];
                return part.WriteAsync(field, texts!);
        }
    }
}
