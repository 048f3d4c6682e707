using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets;

/// <summary>Reads the lists of mini-MIAS: its own Info.txt, or a table with the columns file, film, patient, side, tissue, abnormality, severity, x, y, radius.</summary>
internal static partial class MiniMiasList
{
    private const int OriginalSize = 1024;
    private const int TableSize = 512;

    public static ImmutableArray<MiniMiasRow> Read(string path, ICollection<DatasetFinding> findings) =>
        Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? ReadTable(path, findings) : ReadInfo(path);

    private static ImmutableArray<MiniMiasRow> ReadTable(string path, ICollection<DatasetFinding> findings)
    {
        var rows = ImmutableArray.CreateBuilder<MiniMiasRow>();
        foreach (var row in CsvTable.Read(path, "file", "film", "patient", "side", "tissue", "abnormality", "severity", "x", "y", "radius").Rows)
        {
            if (row["file"] is not { } file || row["patient"] is not { } patient || row["abnormality"] is not { } abnormality || (row["severity"] is not ("B" or "M") && abnormality != "NORM"))
            {
                var id = row["patient"] is null ? ErrorIds.PatientMissing : ErrorIds.DatasetInvalid;
                findings.Add(new DatasetFinding(id, $"Row {row.Number} of '{Path.GetFileName(path)}' is left out: it lacks its file, patient, abnormality or severity.") { Path = row["file"] });
                continue;
            }

            var circle = row.Number64("x") is { } x && row.Number64("y") is { } y && row.Number64("radius") is { } radius ? new RoiCircle(x, y, radius) : null;
            rows.Add(new MiniMiasRow(row["film"] ?? Path.GetFileNameWithoutExtension(file), patient, row["side"] ?? "?", row["tissue"] ?? "?", abnormality, row["severity"], circle, TableSize, file));
        }

        return rows.ToImmutable();
    }

    private static ImmutableArray<MiniMiasRow> ReadInfo(string path)
    {
        ImmutableArray<MiniMiasRow> rows = [.. Lines(path).Select(line => InfoPattern().Match(line)).Where(match => match.Success).Select(RowOf)];
        return rows.IsEmpty
            ? throw new MammoException(ErrorIds.DatasetInvalid, $"'{path}' holds no line like 'mdb001 G CIRC B 535 425 197'.", "Name mini-MIAS's Info.txt, or a table that ends in .csv.", path)
            : rows;
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var id = error is FileNotFoundException or DirectoryNotFoundException ? ErrorIds.FileNotFound : ErrorIds.DatasetInvalid;
            throw new MammoException(id, $"The list '{path}' cannot be read: {error.Message}", target: path, inner: error);
        }
    }

    private static MiniMiasRow RowOf(Match match)
    {
        int Group(string name) => int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);

        var number = Group("number");
        // y counts from the bottom edge. The list calls odd films right, but the lead markers in the (mirrored) films say left.
        var circle = match.Groups["x"].Success ? new RoiCircle(Group("x"), OriginalSize - Group("y"), Group("radius")) : null;
        var severity = match.Groups["severity"].Success ? match.Groups["severity"].Value : null;
        return new MiniMiasRow(
            FormattableString.Invariant($"mdb{number:000}"),
            FormattableString.Invariant($"P{(number + 1) / 2:000}"),
            number % 2 == 1 ? "L" : "R",
            match.Groups["tissue"].Value,
            match.Groups["abnormality"].Value,
            severity,
            circle,
            OriginalSize,
            File: null);
    }

    [GeneratedRegex(@"^mdb(?<number>\d{3})\s+(?<tissue>[FGD])\s+(?:(?<abnormality>NORM)|(?<abnormality>CALC|CIRC|SPIC|MISC|ARCH|ASYM)\s+(?<severity>[BM]))(?:\s+(?<x>\d{1,4})\s+(?<y>\d{1,4})\s+(?<radius>\d{1,4}))?", RegexOptions.CultureInvariant)]
    private static partial Regex InfoPattern();
}
