using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets.Formats;

/// <summary>mini-MIAS (Suckling et al. 1994): 322 films of 161 patients with circles around the lesions.</summary>
public static class MiniMias
{
    private static readonly string[] Lists = ["mini-mias.csv", "Info.txt", "MIAS-Info.txt"];

    /// <summary>Reads the list and finds the films.</summary>
    /// <param name="path">The list (Info.txt, or a table that ends in .csv), or the folder that holds it.</param>
    /// <param name="imageFolder">Folder of the films; null is the list's own folder.</param>
    /// <param name="labelling">What the classes say.</param>
    /// <returns>
    /// The films that were found, each with its circles in its own pixels; findings: missing films, rows that contradict each other, circles outside.
    /// </returns>
    /// <exception cref="MammoException">There is no such list, or it is none.</exception>
    public static DatasetImport Read(string path, string? imageFolder = null, ImageLabelling labelling = ImageLabelling.Malignancy)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var list = FindList(path);
        var findings = new List<Finding>();
        var rows = MiniMiasList.Read(list, findings);
        var files = new ImageFiles(imageFolder ?? Path.GetDirectoryName(Path.GetFullPath(list))!);
        var images = ImmutableArray.CreateBuilder<MammoImage>();
        foreach (var film in rows.GroupBy(row => row.Film))
        {
            if (FilmOf([.. film], files, findings) is { } image)
                images.Add(ImageLabels.Apply(image, labelling));
        }

        return new DatasetImport(new MammoDataset("mini-MIAS", ImageLabels.Classes(labelling), images.ToImmutable()), [.. findings]);
    }

    private static string FindList(string path)
    {
        if (!Directory.Exists(path))
            return path;
        return Directory.EnumerateFiles(path)
            .Where(file => Lists.Contains(Path.GetFileName(file), StringComparer.OrdinalIgnoreCase))
            .MinBy(file => Array.FindIndex(Lists, name => name.Equals(Path.GetFileName(file), StringComparison.OrdinalIgnoreCase)))
            ?? throw new MammoException(ErrorIds.FileNotFound, $"The folder '{path}' holds none of {string.Join(", ", Lists)}.", "Name the list itself.", path);
    }

    private static MammoImage? FilmOf(MiniMiasRow[] rows, ImageFiles files, List<Finding> findings)
    {
        var film = rows[0];
        if (Contradiction(rows) is { } contradiction)
        {
            findings.Add(new Finding(ErrorIds.RowsContradict, $"{film.Film} is left out: {contradiction}.") { Patient = film.Patient });
            return null;
        }

        string[] found = film.File is null ? files.Named(film.Film) : files.AtPath(film.File) is { Length: > 0 } atPath ? atPath : files.Named(film.Film);
        if (found.Length != 1)
        {
            var problem = found.Length == 0 ? "it is not in the folder" : $"{found.Length} files have its name";
            findings.Add(new Finding(ErrorIds.FileNotFound, $"{film.Film} is left out: {problem}.")
            {
                Subject = film.File ?? film.Film,
                Patient = film.Patient,
            });
            return null;
        }

        return new MammoImage(found[0])
        {
            Patient = film.Patient,
            Laterality = film.Side,
            View = "MLO",
            Rois = Rois(rows, found[0], findings),
            Extra = MammoImage.NoExtra.Add("tissue", film.Tissue),
        };
    }

    private static string? Contradiction(MiniMiasRow[] rows) => rows switch
    {
        _ when rows.Select(row => (row.Patient, row.Side, row.Tissue, row.File)).Distinct().Count() > 1 => "its rows differ in patient, side, tissue or file",
        { Length: > 1 } when rows.Any(row => row.IsNormal) => "one row calls it normal, another does not",
        _ when rows.Where(row => row.Circle is not null).GroupBy(row => (row.Abnormality, row.Circle)).Any(IsTorn) => "one lesion is both benign and malignant",
        _ => null,
    };

    private static bool IsTorn(IEnumerable<MiniMiasRow> lesion) => lesion.DistinctBy(row => row.Severity).Count() > 1;

    private static ImmutableArray<Roi> Rois(MiniMiasRow[] rows, string path, List<Finding> findings)
    {
        MiniMiasRow[] abnormal = [.. rows.Where(row => !row.IsNormal).Distinct()];
        if (abnormal.Length == 0)
            return [];
        var size = Array.Exists(abnormal, row => row.Circle is not null) ? SizeOf(path, findings) : null;
        return [.. abnormal.Select((row, i) => new Roi(row.Circle is null || size is null ? null : Scaled(row, size.Value, path, findings))
        {
            Number = i + 1,
            Type = row.Abnormality,
            Pathology = row.Severity == "M" ? "MALIGNANT" : "BENIGN",
        })];
    }

    private static ImageSize? SizeOf(string path, List<Finding> findings)
    {
        try
        {
            return ImageReader.Size(path);
        }
        catch (MammoException error)
        {
            findings.Add(new Finding(error.ErrorId, error.Message) { Subject = path });
            return null;
        }
    }

    /// <summary>The circle in the image's own pixels: the films are also handed on at half size.</summary>
    private static RoiCircle? Scaled(MiniMiasRow row, ImageSize size, string path, List<Finding> findings)
    {
        var (scale, circle) = ((double)size.Width / row.GridSize, row.Circle!);
        var scaled = new RoiCircle(circle.X * scale, circle.Y * scale, circle.Radius * scale);
        var problem = size.Height != size.Width ? $"the film is {size}, not square"
            : scaled.Radius <= 0 || scaled.X < 0 || scaled.X >= size.Width || scaled.Y < 0 || scaled.Y >= size.Height
            ? $"the {scaled} does not lie in a film of {size}"
            : null;
        if (problem is null)
            return scaled;
        findings.Add(new Finding(ErrorIds.RoiEmpty, $"The place of a lesion of {row.Film} is not known: {problem}.")
        {
            Subject = path,
            Patient = row.Patient,
        });
        return null;
    }
}

/// <summary>
/// Reads the lists of mini-MIAS: its own Info.txt, or a table with the columns file, film, patient, side, tissue, abnormality, severity, x, y, radius.
/// </summary>
internal static partial class MiniMiasList
{
    private const int OriginalSize = 1024;
    private const int TableSize = 512;

    public static ImmutableArray<MiniMiasRow> Read(string path, ICollection<Finding> findings) =>
        Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase) && !IsInfo(path)
            ? ReadTable(path, findings)
            : ReadInfo(path, findings);

    // Info.txt under another name: with the header of its description, or without any.
    private static bool IsInfo(string path) => Lines(path).Take(3).Select(Plain).Any(line =>
        InfoPattern().Match(line) is { Success: true } match && !match.Groups["odd"].Success);

    private static ImmutableArray<MiniMiasRow> ReadTable(string path, ICollection<Finding> findings)
    {
        var rows = ImmutableArray.CreateBuilder<MiniMiasRow>();
        foreach (var row in CsvTable.Read(path, "file", "film", "patient", "side", "tissue", "abnormality", "severity", "x", "y", "radius").Rows)
        {
            if (row["file"] is not { } file || row["patient"] is not { } patient || row["abnormality"]?.ToUpperInvariant() is not { } abnormality
                || (row["severity"] is not ("B" or "M" or "b" or "m") && abnormality != "NORM"))
            {
                var id = row["patient"] is null ? ErrorIds.PatientMissing : ErrorIds.DatasetInvalid;
                const string lacks = "it lacks its file, patient, lesion or severity";
                findings.Add(new Finding(id, $"Row {row.Number} of '{Path.GetFileName(path)}' is left out: {lacks}.") { Subject = row["file"] });
                continue;
            }

            var circle = row.Number64("x") is { } x && row.Number64("y") is { } y && row.Number64("radius") is { } radius ? new RoiCircle(x, y, radius) : null;
            string?[] place = [row["x"], row["y"], row["radius"]];
            if (circle is null && abnormality != "NORM" && place.OfType<string>().Any(text => !text.Equals("nan", StringComparison.OrdinalIgnoreCase)))
            {
                var message = $"The place of an abnormality of {file} is not known: row {row.Number} of '{Path.GetFileName(path)}' does not have x, y "
                    + "and radius as numbers.";
                findings.Add(new Finding(ErrorIds.RoiEmpty, message) { Subject = file, Patient = patient, SuggestedFix = "Fix the row." });
            }

            rows.Add(new MiniMiasRow(
                row["film"] ?? Path.GetFileNameWithoutExtension(file),
                patient,
                row["side"] ?? "?",
                row["tissue"] ?? "?",
                abnormality,
                row["severity"]?.ToUpperInvariant(),
                circle,
                TableSize,
                file));
        }

        return rows.ToImmutable();
    }

    private static ImmutableArray<MiniMiasRow> ReadInfo(string path, ICollection<Finding> findings)
    {
        var rows = ImmutableArray.CreateBuilder<MiniMiasRow>();
        var leftOut = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (line, i) in Lines(path).Select((line, i) => (Plain(line), i)))
        {
            if (InfoPattern().Match(line) is not { Success: true } match)
            {
                // A film by its beginning, but with a number that none has.
                var text = line.TrimStart();
                if (text.Length > 3 && text.StartsWith("mdb", StringComparison.OrdinalIgnoreCase) && char.IsAsciiDigit(text[3]))
                {
                    findings.Add(new Finding(ErrorIds.DatasetInvalid, FormattableString.Invariant(
                        $"Line {i + 1} of '{Path.GetFileName(path)}' is left out: '{line.Trim()}' is not like 'mdb001 G CIRC B 535 425 197'."))
                    {
                        SuggestedFix = "Fix the line.",
                    });
                }

                continue;
            }

            var row = RowOf(match);
            if (match.Groups["odd"].Success)
            {
                leftOut.Add(row.Film);
                Report(ErrorIds.DatasetInvalid, $"{row.Film} is left out, for its line is not like 'mdb001 G CIRC B 535 425 197'");
                continue;
            }

            var place = match.Groups["place"].Value.Trim();
            // The list itself says NOTE where lesions are all over the breast, and nothing where it knows no place.
            if (row.Circle is null && !row.IsNormal && place.Length > 0 && !place.StartsWith('*'))
                Report(ErrorIds.RoiEmpty, $"The place of an abnormality of {row.Film} is not known: '{place}' is not x, y and radius");
            if (line.AsSpan(
                match.Groups["tissue"].Index, 1 + Math.Max(0, match.Groups["severity"].Index - match.Groups["tissue"].Index)).ContainsAnyInRange('a', 'z'))
                Report(ErrorIds.ListIncomplete, $"Small letters are taken for the list's {row.Tissue} {row.Abnormality} {row.Severity} of {row.Film}");
            rows.Add(row);

            void Report(string id, string message) => findings.Add(new Finding(
                id, FormattableString.Invariant($"{message} (line {i + 1} of '{Path.GetFileName(path)}')."))
            {
                Patient = row.Patient,
                SuggestedFix = "Fix the line.",
            });
        }

        return rows.Count == 0
            ? throw new MammoException(
                ErrorIds.DatasetInvalid,
                (FileContent.NameOf(path) is { } name && !FileContent.IsList(name) ? $"'{path}' is {name}: it" : $"'{path}'")
                    + " holds no line like 'mdb001 G CIRC B 535 425 197'.",
                "Name mini-MIAS's Info.txt, or a table that ends in .csv.",
                path)
            // A film of which a lesion may be missing is no negative.
            : [.. rows.Where(row => !leftOut.Contains(row.Film))];
    }

    // Saved by other programs the list has commas or semicolons, quotes, a number before each line, and names with an extension.
    private static string Plain(string line)
    {
        string[] fields = line.Contains(';', StringComparison.Ordinal) ? line.Replace(',', '.').Split(';') : line.Split(',');
        fields = [.. fields.Select(field => Extension().Replace(field.Trim().Trim('"').Trim(), ""))];
        // A field for the name alone shows that they are fields; commas may be decimal ones, too.
        var name = Array.FindIndex(fields, field => field.Length == 6 && field.StartsWith("mdb", StringComparison.OrdinalIgnoreCase));
        var isTable = name == 0 || (name == 1 && int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out _));
        return isTable ? string.Join(' ', fields.Skip(name).Where(field => field.Length > 0)) : Extension().Replace(line, "");
    }

    private static string[] Lines(string path)
    {
        try
        {
            return [.. InputFile.Lines(path)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw InputFile.ErrorOf("list", path, error)
                ?? new MammoException(ErrorIds.DatasetInvalid, $"The list '{path}' cannot be read: {error.Message}.", target: path, inner: error);
        }
    }

    private static MiniMiasRow RowOf(Match match)
    {
        var number = int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        double Value(string name) => double.Parse(match.Groups[name].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

        // y counts from the bottom edge. The list calls odd films right, but the lead markers in the (mirrored) films say left.
        var circle = match.Groups["x"].Success ? new RoiCircle(Value("x"), OriginalSize - Value("y"), Value("radius")) : null;
        var severity = match.Groups["severity"].Success ? match.Groups["severity"].Value.ToUpperInvariant() : null;
        return new MiniMiasRow(
            FormattableString.Invariant($"mdb{number:000}"),
            FormattableString.Invariant($"P{(number + 1) / 2:000}"),
            number % 2 == 1 ? "L" : "R",
            match.Groups["tissue"].Value.ToUpperInvariant(),
            match.Groups["abnormality"].Value.ToUpperInvariant(),
            severity,
            circle,
            OriginalSize,
            File: null);
    }

    [GeneratedRegex(@"(?<=^\s*mdb\d{3})\.(pgm|png|jpe?g|tiff?)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Extension();

    // In small letters too, and with decimals: pandas makes them of whole numbers where films without lesions have none.
    [GeneratedRegex(
        @"^\s*mdb(?<number>\d{3})\b(?:\s+(?<tissue>[FGD])\s+"
        + @"(?:(?<abnormality>NORM)|(?<abnormality>CALC|CIRC|SPIC|MISC|ARCH|ASYM)\s+(?<severity>[BM]))\b"
        + @"(?:\s+(?<x>\d{1,4}(\.\d*)?)\s+(?<y>\d{1,4}(\.\d*)?)\s+(?<radius>\d{1,4}(\.\d*)?)(?!\S)|(?<place>.*))|(?<odd>.*))",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex InfoPattern();
}

/// <summary>A film of mini-MIAS and one of its lesions, or the statement that it has none.</summary>
/// <param name="Film">mdb001 to mdb322.</param>
/// <param name="Patient">P001 to P161.</param>
/// <param name="Side">L or R, after the markers in the films.</param>
/// <param name="Tissue">F, G or D.</param>
/// <param name="Abnormality">CALC, CIRC, SPIC, MISC, ARCH, ASYM or NORM.</param>
/// <param name="Severity">B, M, or null for NORM.</param>
/// <param name="Circle">Where it is, in pixels of an image of <paramref name="GridSize"/>; null when there is no single place.</param>
/// <param name="GridSize">Side of the image that the circle refers to.</param>
/// <param name="File">The image relative to the list's folder; null when only the film's name is known.</param>
internal sealed record MiniMiasRow(
    string Film, string Patient, string Side, string Tissue, string Abnormality, string? Severity, RoiCircle? Circle, int GridSize, string? File)
{
    /// <summary>Whether the row says that there is nothing to be seen.</summary>
    public bool IsNormal => Abnormality == "NORM";
}
