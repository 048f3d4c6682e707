using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sylvan.Data.Csv;

namespace Mammo.Data.Datasets;

/// <summary>Rows of a CSV as images whose <see cref="MammoImage.Class"/> is still the text of the label.</summary>
internal static class DatasetCsvReader
{
    private const int LongestRow = 1 << 20;

    public static List<(int Row, MammoImage Image)> Read(string file, IReadOnlyDictionary<string, string>? columns)
    {
        try
        {
            var separator = Separator(file);
            using var text = Open(file);
            using var reader = CsvDataReader.Create(text, new CsvDataReaderOptions
            {
                Delimiter = separator,
                Culture = CultureInfo.InvariantCulture,
                // No comments: the name of an image may begin with any sign.
                Comment = '\0',
                MaxBufferSize = LongestRow,
            });
            var header = Header(reader);
            return Rows(reader, header, Places(header, columns), Path.GetDirectoryName(file)!);
        }
        catch (CsvMissingHeadersException error)
        {
            throw new InvalidDataException("it is empty; it needs a header with the columns path and label.", error);
        }
        catch (CsvFormatException error)
        {
            throw new InvalidDataException(FormattableString.Invariant($"row {error.RowNumber + 1}: {error.Message}"), error);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException("its text is not UTF-8; save it as 'CSV UTF-8'.", error);
        }
    }

    private static StreamReader Open(string file) => new(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);

    private static char Separator(string file)
    {
        using var text = Open(file);
        Dictionary<char, int> counts = new() { [','] = 0, [';'] = 0, ['\t'] = 0 };
        var isQuoted = false;
        for (var i = 0; i < LongestRow && text.Read() is >= 0 and var next && (isQuoted || next is not ('\n' or '\r')); i++)
        {
            if (next == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && counts.TryGetValue((char)next, out var count))
                counts[(char)next] = count + 1;
        }

        return counts.MaxBy(pair => pair.Value).Key;
    }

    private static string[] Header(CsvDataReader reader)
    {
        string[] header = [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetName(i).Trim())];
        var twice = header.Where(name => name.Length > 0).GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? header : throw new InvalidDataException($"its header names the column '{twice.Key}' twice.");
    }

    /// <summary>Where each column that has a meaning stands; -1 for those that are missing.</summary>
    private static Dictionary<string, int> Places(string[] header, IReadOnlyDictionary<string, string>? columns)
    {
        var names = DatasetColumns.All.ToDictionary(name => name, name => name, StringComparer.OrdinalIgnoreCase);
        foreach (var (meaning, name) in columns ?? ImmutableDictionary<string, string>.Empty)
        {
            if (!names.ContainsKey(meaning))
                throw new InvalidDataException($"a column is given for '{meaning}'; the meanings are {string.Join(", ", DatasetColumns.All)}.");
            names[meaning] = name;
        }

        var places = names.ToDictionary(pair => pair.Key, pair => Array.FindIndex(header, name => name.Equals(pair.Value, StringComparison.OrdinalIgnoreCase)), StringComparer.OrdinalIgnoreCase);
        foreach (var (meaning, place) in places)
        {
            var isNeeded = meaning is DatasetColumns.Path or DatasetColumns.Label || columns?.Keys.Contains(meaning, StringComparer.OrdinalIgnoreCase) == true;
            if (place < 0 && isNeeded)
                throw new InvalidDataException($"it has no column '{names[meaning]}'; its columns are {string.Join(", ", header)}.");
        }

        return places;
    }

    private static List<(int Row, MammoImage Image)> Rows(CsvDataReader reader, string[] header, Dictionary<string, int> places, string folder)
    {
        (int Place, string Name)[] extras = [.. header.Select((name, place) => (place, name)).Where(column => column.name.Length > 0 && !places.ContainsValue(column.place))];
        var rows = new List<(int, MammoImage)>();
        // The header is row 1, as in a spreadsheet.
        for (var row = 2; reader.Read(); row++)
        {
            string[] fields = [.. Enumerable.Range(0, reader.RowFieldCount).Select(reader.GetString)];
            if (Array.TrueForAll(fields, string.IsNullOrWhiteSpace))
                continue;
            if (fields.Length != header.Length)
                throw new InvalidDataException(FormattableString.Invariant($"row {row} has {fields.Length} fields; the header has {header.Length}."));
            rows.Add((row, Image(fields, row, places, extras, folder)));
        }

        return rows;
    }

    private static MammoImage Image(string[] fields, int row, Dictionary<string, int> places, (int Place, string Name)[] extras, string folder)
    {
        string? Field(string meaning) => places[meaning] is >= 0 and var place ? NullIfBlank(fields[place]) : null;

        return new MammoImage(FullPath(Field(DatasetColumns.Path), folder, row))
        {
            Class = Field(DatasetColumns.Label),
            Patient = Field(DatasetColumns.Patient),
            Laterality = Field(DatasetColumns.Laterality),
            View = Field(DatasetColumns.View),
            SampleWeight = Weight(Field(DatasetColumns.SampleWeight), row),
            Extra = MammoImage.NoExtra.AddRange(extras
                .Where(extra => !string.IsNullOrWhiteSpace(fields[extra.Place]))
                .Select(extra => KeyValuePair.Create(extra.Name, fields[extra.Place]))),
        };
    }

    private static string? NullIfBlank(string field) => field.AsSpan().Trim().Length == 0 ? null : field.Trim();

    private static string FullPath(string? path, string folder, int row)
    {
        if (path is null || path.Contains('\0'))
            throw new InvalidDataException(FormattableString.Invariant($"row {row} has no usable path."));
        return Path.GetFullPath(path, folder);
    }

    private static double Weight(string? text, int row)
    {
        if (text is null)
            return 1;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) && double.IsFinite(weight) && weight >= 0
            ? weight
            : throw new InvalidDataException(FormattableString.Invariant($"row {row}: the sample weight '{text}' is not a number from 0 upwards with a decimal point."));
    }
}
