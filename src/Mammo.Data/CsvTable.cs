using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sylvan.Data.Csv;

namespace Mammo.Data;

/// <summary>A table with a header (RFC 4180) as it was read, and the way in which one is written.</summary>
internal sealed class CsvTable
{
    private const int LongestRow = 1 << 20;

    // More than RFC 4180 asks for, so that the separator of a header that was written is recognised without doubt.
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",;\t\r\n");

    private readonly string _path;
    private readonly char _separator;

    private CsvTable(string path, CsvDataReader reader, char separator, int firstRow)
    {
        (_path, _separator) = (path, separator);
        Columns = [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetName(i).Trim())];
        var named = Columns.Where(name => name.Length > 0).GroupBy(name => name, StringComparer.OrdinalIgnoreCase);
        if (named.FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Invalid($"its header names the column '{twice.Key}' twice");
        Rows = [.. Read(reader, firstRow)];
    }

    /// <summary>Name of the file.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>Trimmed names of the columns.</summary>
    public ImmutableArray<string> Columns { get; }

    /// <summary>The rows that are not blank.</summary>
    public ImmutableArray<CsvRow> Rows { get; }

    /// <summary>
    /// Reads a table, UTF-8 unless a byte-order mark says otherwise, separated by commas, semicolons or tabs, whichever the header has most of. There are no
    /// comments: the name of an image may begin with any sign. Lines before the header that other programs write are passed over: <c>#TYPE</c> of Windows
    /// PowerShell, and Excel's <c>sep=;</c>, which names the separator.
    /// </summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.DatasetInvalid"/>: one of the needed columns is missing, or it is no table at all.
    /// </exception>
    public static CsvTable Read(string path, params string[] needed)
    {
        try
        {
            if (FileContent.NameOf(path) is { } name && !FileContent.IsList(name) && InputFile.LengthOf(path) > 0)
                throw new MammoException(ErrorIds.DatasetInvalid, $"'{path}' is {name}, where a table (CSV) is wanted.", ListFix(name), path);
            using var text = Open(path);
            var (separator, before) = Beginning(path);
            for (var i = 0; i < before; i++)
                text.ReadLine();
            using var reader = CsvDataReader.Create(text, new CsvDataReaderOptions
            {
                Delimiter = separator,
                Culture = CultureInfo.InvariantCulture,
                Comment = '\0',
                MaxBufferSize = LongestRow,
            });
            var table = new CsvTable(path, reader, separator, before + 2);
            foreach (var column in needed)
                table.Place(column);
            return table;
        }
        catch (CsvMissingHeadersException error)
        {
            throw Invalid(path, "it is empty, without even a header", error);
        }
        catch (CsvFormatException error)
        {
            throw Invalid(path, FormattableString.Invariant($"row {error.RowNumber + 1}: {error.Message}"), error);
        }
        catch (DecoderFallbackException error)
        {
            throw Invalid(path, "its text is not UTF-8; save it as 'CSV UTF-8'", error);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw InputFile.ErrorOf("table", path, error)
                ?? Invalid(path, error is NoFileException ? $"{error.Message}, where a CSV file is wanted" : error.Message, error);
        }
    }

    /// <summary>Writes a table of commas as UTF-8 without a mark; the file appears whole or not at all.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>: the file system refuses.</exception>
    public static void Write(string path, IEnumerable<string> columns, IEnumerable<IEnumerable<string?>> rows) => AtomicFile.Write(path, stream =>
    {
        using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        foreach (var row in rows.Prepend(columns))
            text.WriteLine(string.Join(',', row.Select(Field)));
    });

    /// <summary>Whether two names mean one column: in any case of letters, blanks and underscores being the same.</summary>
    public static bool IsSame(string name, string other) => name.Replace('_', ' ').Equals(other.Replace('_', ' '), StringComparison.OrdinalIgnoreCase);

    /// <summary>Where a column is; -1 where there is none of its name.</summary>
    public int Find(string name)
    {
        for (var i = 0; i < Columns.Length; i++)
        {
            if (Columns[i].Equals(name, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        for (var i = 0; i < Columns.Length; i++)
        {
            if (IsSame(Columns[i], name))
                return i;
        }

        return -1;
    }

    /// <summary>Where a column is that must be there.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.DatasetInvalid"/>: there is none.</exception>
    public int Place(string name) =>
        Find(name) is >= 0 and var place ? place : throw Invalid($"it has no column '{name}'; its columns are {string.Join(", ", Columns)}");

    /// <summary>The error that the table cannot be used.</summary>
    public MammoException Invalid(string problem, Exception? inner = null) => Invalid(_path, problem, inner);

    private static MammoException Invalid(string path, string problem, Exception? inner) => new(
        ErrorIds.DatasetInvalid, $"The table '{path}' cannot be used: {problem.TrimEnd('.')}.", "Fix the table, or name its columns with -Column.",
        path, inner);

    private static string ListFix(string name) =>
        name.Contains("image", StringComparison.Ordinal) || name.Contains("DICOM", StringComparison.Ordinal)
            ? "Give the folder of the images or a list of them, or the image itself where a cmdlet has -Path."
            : name.Contains("Excel", StringComparison.Ordinal) ? "Save the sheet as 'CSV UTF-8'." : "Give a CSV file with a header and a row for each image.";

    private static StreamReader Open(string path) =>
        InputFile.OpenText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));

    /// <summary>The separator, and how many lines stand before the header.</summary>
    private static (char Separator, int Before) Beginning(string path)
    {
        using var text = Open(path);
        var before = 0;
        var header = Line(text);
        for (; header.StartsWith("#TYPE ", StringComparison.Ordinal) && before == 0 && text.Peek() >= 0; before++)
            header = Line(text);
        // Excel writes it bare; a program that quotes every field quotes this line too.
        if (header.Trim('"') is ['s' or 'S', 'e' or 'E', 'p' or 'P', '=', var named, .. var rest] && rest.Trim(',', '"').Length == 0)
            return (named, before + 1);
        Dictionary<char, int> counts = new() { [','] = 0, [';'] = 0, ['\t'] = 0 };
        var isQuoted = false;
        foreach (var next in header)
        {
            if (next == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && counts.TryGetValue(next, out var count))
                counts[next] = count + 1;
        }

        return (counts.MaxBy(pair => pair.Value).Key, before);
    }

    /// <summary>A line whose quoted line feeds are part of it; no more of it than a row may have.</summary>
    private static string Line(StreamReader text)
    {
        var line = new StringBuilder();
        var isQuoted = false;
        while (line.Length < LongestRow && text.Read() is >= 0 and var next && (isQuoted || next is not ('\n' or '\r')))
        {
            isQuoted ^= next == '"';
            line.Append((char)next);
        }

        // The other half of the line's end, or an empty line, which means nothing.
        if (text.Peek() == '\n')
            text.Read();
        return line.ToString();
    }

    // The header's line is row 1, as in a spreadsheet, unless there are lines before it.
    private IEnumerable<CsvRow> Read(CsvDataReader reader, int first)
    {
        for (var number = first; reader.Read(); number++)
        {
            string[] fields = [.. Enumerable.Range(0, reader.RowFieldCount).Select(reader.GetString)];
            if (!Array.TrueForAll(fields, string.IsNullOrWhiteSpace))
                yield return new CsvRow(this, number, fields);
        }
    }

    /// <summary>
    /// The finite number that a text is, with a decimal point; where commas do not separate fields, as Excel writes tables in most of Europe, a decimal comma
    /// is one too. Null when it is none.
    /// </summary>
    public double? Number(string? text)
    {
        if (_separator != ',' && text?.IndexOf(',') is >= 0 and var comma && text.LastIndexOf(',') == comma && !text.Contains('.'))
            text = text.Replace(',', '.');
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
    }

    private static string Field(string? text) =>
        text is null || !text.AsSpan().ContainsAny(Quoted) ? text ?? "" : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>One row of a table.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Number">Its number in the file, the header being row 1; quoted line feeds do not count.</param>
/// <param name="Fields">Its fields as they are written; there may be more or fewer than the header has.</param>
internal sealed record CsvRow(CsvTable Table, int Number, string[] Fields)
{
    /// <summary>The trimmed text of a column; null when it is blank, or there is no such column.</summary>
    public string? this[string column] => this[Table.Find(column)];

    /// <summary>The trimmed text at a place; null when it is blank, or the row ends before it.</summary>
    public string? this[int place] => place >= 0 && place < Fields.Length && Fields[place].Trim() is { Length: > 0 } text ? text : null;

    /// <summary>The number in a column; null when it is blank or none, see <see cref="CsvTable.Number"/>.</summary>
    public double? Number64(string column) => Table.Number(this[column]);

    /// <summary>The whole number in a column, 3.0 too: pandas writes it so where a row lacks its number. Null when it is blank or none.</summary>
    public int? Integer(string column) => Number64(column) is { } value && double.IsInteger(value) && Math.Abs(value) <= int.MaxValue ? (int)value : null;

    /// <summary>Whether there are more fields than the header has, other than blank ones, which a comma at the end of a line makes.</summary>
    public bool IsTooLong => Fields.Skip(Table.Columns.Length).Any(text => !string.IsNullOrWhiteSpace(text));
}
