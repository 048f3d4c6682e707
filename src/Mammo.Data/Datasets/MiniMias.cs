using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets;

/// <summary>mini-MIAS (Suckling et al. 1994): 322 films of 161 patients with circles around the lesions.</summary>
public static class MiniMias
{
    private static readonly string[] Lists = ["mini-mias.csv", "Info.txt", "MIAS-Info.txt"];

    /// <summary>Reads the list and finds the films.</summary>
    /// <param name="path">The list (Info.txt, or a table that ends in .csv), or the folder that holds it.</param>
    /// <param name="imageFolder">Folder of the films; null is the list's own folder.</param>
    /// <param name="labelling">What the classes say.</param>
    /// <returns>The films that were found, each with its circles in its own pixels; findings: missing films, rows that contradict each other, circles outside.</returns>
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
            findings.Add(new Finding(ErrorIds.FileNotFound, $"{film.Film} is left out: {problem}.") { Subject = film.File ?? film.Film, Patient = film.Patient });
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
        _ when rows.Where(row => row.Circle is not null).GroupBy(row => (row.Abnormality, row.Circle)).Any(same => same.DistinctBy(row => row.Severity).Count() > 1)
            => "one lesion is both benign and malignant",
        _ => null,
    };

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
            return ImageReader.Read(path).Size;
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
            : scaled.Radius <= 0 || scaled.X < 0 || scaled.X >= size.Width || scaled.Y < 0 || scaled.Y >= size.Height ? $"the {scaled} does not lie in a film of {size}"
            : null;
        if (problem is null)
            return scaled;
        findings.Add(new Finding(ErrorIds.RoiEmpty, $"The place of an abnormality of {row.Film} is not known: {problem}.") { Subject = path, Patient = row.Patient });
        return null;
    }
}
