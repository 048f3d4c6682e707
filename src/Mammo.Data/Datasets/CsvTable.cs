using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sylvan.Data.Csv;

namespace Mammo.Data.Datasets;

/// <summary>Reads comma-separated tables with a header, quoted line feeds and all; columns by name in any case, blanks and underscores being the same.</summary>
internal static class CsvTable
{
    private const int LongestRow = 1 << 20;

    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.DatasetInvalid"/>: no such columns, or no CSV at all.</exception>
    public static ImmutableArray<CsvRow> Read(string path, params string[] needed)
    {
        try
        {
            using var text = new StreamReader(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
            using var reader = CsvDataReader.Create(text, new CsvDataReaderOptions { Delimiter = ',', Culture = CultureInfo.InvariantCulture, Comment = '\0', MaxBufferSize = LongestRow });
            string[] columns = [.. Enumerable.Range(0, reader.FieldCount).Select(i => Name(reader.GetName(i)))];
            if (needed.Select(Name).Except(columns, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } missing)
                throw Invalid(path, $"it has no column '{missing}'; its columns are {string.Join(", ", columns)}");
            return Rows(reader, columns);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MammoException(ErrorIds.FileNotFound, $"The file '{path}' does not exist.", target: path, inner: error);
        }
        catch (Exception error) when (error is CsvMissingHeadersException or CsvFormatException or DecoderFallbackException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw Invalid(path, Directory.Exists(path) ? "it is a folder, where a CSV file is wanted" : error is DecoderFallbackException ? "its text is not UTF-8" : error.Message.TrimEnd('.'), error);
        }
    }

    private static ImmutableArray<CsvRow> Rows(CsvDataReader reader, string[] columns)
    {
        var rows = ImmutableArray.CreateBuilder<CsvRow>();
        for (var number = 2; reader.Read(); number++)
        {
            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < Math.Min(reader.RowFieldCount, columns.Length); i++)
            {
                if (reader.GetString(i).Trim() is { Length: > 0 } field)
                    fields[columns[i]] = field;
            }

            if (fields.Count > 0)
                rows.Add(new CsvRow(number, fields));
        }

        return rows.ToImmutable();
    }

    private static string Name(string column) => column.Trim().Replace('_', ' ');

    private static MammoException Invalid(string path, string problem, Exception? inner = null) =>
        new(ErrorIds.DatasetInvalid, $"The table '{path}' cannot be used: {problem}.", target: path, inner: inner);
}
