using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets.Formats;

/// <summary>The layouts of the public sets that hospitals and competitions gave away.</summary>
internal static class Releases
{
    /// <summary>INbreast (Moreira et al. 2012): INbreast.csv, AllDICOMs, AllXML. The patient is in the files' names alone.</summary>
    public static ReleaseLayout Inbreast { get; } = new(
        "INbreast", ["INbreast.csv"], Map(file: "File Name", laterality: "Laterality", view: "View", label: "Bi-Rads"))
    {
        FileKeys = path => [Path.GetFileNameWithoutExtension(path).Split('_')[0]],
        PatientOfFile = path => Path.GetFileNameWithoutExtension(path).Split('_') is [_, { Length: > 0 } patient, ..] ? patient : null,
        Regions = (folder, findings) => new InbreastRegions(folder, findings).Of,
    };

    /// <summary>VinDr-Mammo (Nguyen et al. 2023): breast-level_annotations.csv, images/study/image.dicom, and boxes in finding_annotations.csv.</summary>
    public static ReleaseLayout VinDr { get; } = new(
        "VinDr-Mammo",
        ["breast-level_annotations.csv"],
        Map(file: "image_id", patient: "study_id", laterality: "laterality", view: "view_position", label: "breast_birads"))
    {
        Regions = (folder, _) => VinDrBoxes(folder),
    };

    /// <summary>RSNA Screening Mammography 2022: train.csv, train_images/patient/image.dcm.</summary>
    public static ReleaseLayout Rsna { get; } = new(
        "RSNA 2022", ["train.csv"], Map(file: "image_id", patient: "patient_id", laterality: "laterality", view: "view", label: "cancer"))
    {
        Rule = Rule(("neg", ["0"]), ("pos", ["1"])),
        RowKey = (row, image) => row["patient_id"] is { } patient ? $"{patient}/{image}" : image,
        // Below the patient's folder; converted files are often called patient_image.
        FileKeys = path =>
        {
            var name = Path.GetFileNameWithoutExtension(path);
            return [$"{Path.GetFileName(Path.GetDirectoryName(path))}/{name}", name.Replace('_', '/'), name];
        },
    };

    /// <summary>EMBED (Jeong et al. 2023): the list of images, with the labels in the clinical list of examinations.</summary>
    public static ReleaseLayout Embed { get; } = new(
        "EMBED",
        ["EMBED_OpenData_metadata.csv", "metadata.csv"],
        Map(file: "anon_dicom_path", patient: "empi_anon", laterality: "ImageLateralityFinal", view: "ViewPosition"))
    {
        RowKey = (_, path) => path is null ? null : Path.GetFileNameWithoutExtension(path.Replace('\\', '/')),
        LeftOut = row => row["FinalImageType"] is { } type && !type.Equals("2D", StringComparison.OrdinalIgnoreCase)
            ? $"it is no plain image but {type}"
            : null,
        Regions = (_, _) => (row, _) => Boxes(row["ROI_coords"]),
    };

    /// <summary>Any list: <c>-Column</c> says where everything is.</summary>
    public static ReleaseLayout Any { get; } = new("list", [], ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase))
    {
        RowKey = (_, path) => path?.Replace('\\', '/'),
        // By name, with and without what is above and behind it.
        FileKeys = path =>
        {
            string[] parts = path.Replace('\\', '/').Split('/');
            return Enumerable.Range(1, parts.Length).Select(count => string.Join('/', parts[^count..]))
                .SelectMany(tail => new[] { tail, tail[..^Path.GetExtension(tail).Length] });
        },
    };

    /// <summary>CMMD (Cui et al. 2022) is a folder of DICOM files whose patient and side find their row in the clinical list.</summary>
    public static (LabelRule Rule, ImmutableDictionary<string, string> Columns) Cmmd { get; } =
        (Rule(("neg", ["Benign"]), ("pos", ["Malignant"])), Named(("patient", "ID1"), ("laterality", "LeftRight"), ("label", "classification")));

    /// <summary>Boxes as (first row, first column, last row, last column), one after the other.</summary>
    public static ImmutableArray<Roi> Boxes(string? text)
    {
        double[] numbers = [.. (text ?? "").Split(['(', ')', '[', ']', ',', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(number => double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN)];
        if (numbers.Length % 4 != 0 || numbers.Any(number => !(Math.Abs(number) < 1e6)))
            return [new Roi((RoiShape?)null)];
        return [.. numbers.Chunk(4).Select((box, i) => Box(box[1], box[0], box[3], box[2]) with { Number = i + 1 })];
    }

    private static Func<CsvRow, string, ImmutableArray<Roi>> VinDrBoxes(string folder)
    {
        var path = Path.Combine(folder, "finding_annotations.csv");
        if (!System.IO.File.Exists(path))
            return (_, _) => [];
        var boxes = CsvTable.Read(path, "image_id", "xmin", "ymin", "xmax", "ymax").Rows
            .Where(row => row["image_id"] is not null && row.Number64("xmin") is not null).ToLookup(row => row["image_id"]!);
        return (row, _) => [.. boxes[row["image_id"]!].Select((box, i) =>
            Corners(box) with
            {
                Number = i + 1,
                Type = box["finding_categories"]?.Trim('[', ']').Replace("'", "", StringComparison.Ordinal),
            })];
    }

    private static Roi Corners(CsvRow box)
    {
        var (left, top, right, bottom) = (Number("xmin"), Number("ymin"), Number("xmax"), Number("ymax"));
        return left + top + right + bottom < 4e6 ? Box(left, top, right, bottom) : new Roi((RoiShape?)null);

        // Infinite where there is none, or none that a pixel has.
        double Number(string column) => box.Number64(column) is { } number && Math.Abs(number) < 1e6 ? number : double.PositiveInfinity;
    }

    private static Roi Box(double left, double top, double right, double bottom)
    {
        var (x, y) = ((int)Math.Floor(left), (int)Math.Floor(top));
        return new Roi(new RoiBox(new PixelBox(x, y, Math.Max(1, (int)Math.Ceiling(right) - x), Math.Max(1, (int)Math.Ceiling(bottom) - y))));
    }

    private static LabelRule Rule(params (string Class, string[] Values)[] classes) =>
        new([.. classes.Select(pair => KeyValuePair.Create(pair.Class, (IReadOnlyList<string>)pair.Values))]);

    private static ImmutableDictionary<string, string> Map(
        string file, string? patient = null, string? laterality = null, string? view = null, string? label = null) => Named(
        (ReleaseLayout.File, file),
        (ReleaseLayout.Patient, patient),
        (ReleaseLayout.Laterality, laterality),
        (ReleaseLayout.View, view),
        (ReleaseLayout.Label, label));

    private static ImmutableDictionary<string, string> Named(params (string Meaning, string? Column)[] columns) => columns
        .Where(pair => pair.Column is not null)
        .ToImmutableDictionary(pair => pair.Meaning, pair => pair.Column!, StringComparer.OrdinalIgnoreCase);
}
