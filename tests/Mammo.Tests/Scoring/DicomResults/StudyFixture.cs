using System.Collections.Immutable;
using Mammo.Data.Dicom;
using Mammo.Data.Images;
using Mammo.Data.Sweeps;
using Mammo.Scoring.DicomResults;
using Mammo.Scoring.Heatmaps;
using Mammo.Tests.Data.Dicom;
using Mammo.Tests.Data.Dicom.Writing;

namespace Mammo.Tests.Scoring.DicomResults;

/// <summary>Small DICOM images, scores and heatmaps of them, and how results are made of these.</summary>
internal static class StudyFixture
{
    public const string Inference = "model=hybrid;weights=0123456789abcdef;augment=true;voi=Auto;engine=onnx cpu float32";
    public const int Height = 60;
    public const int Width = 40;

    /// <summary>Writes an image of 60 × 40 pixels and returns its path.</summary>
    public static string Image(string instance, string side = "L", string view = "CC", string study = "1.2.3", params TestElement[] changes) => TestDicom.Write(
        TestDicom.Elements([.. Enumerable.Range(0, Height * Width).Select(i => i % 4096)], changes:
        [
            TestElement.Text(DicomTag.SopInstanceUid, "UI", instance),
            TestElement.Text(DicomTag.StudyInstanceUid, "UI", study),
            TestElement.Text(DicomTag.SeriesInstanceUid, "UI", $"{study}.5"),
            TestElement.Text(DicomTag.StudyDate, "DA", "20250304"),
            TestElement.Text(DicomTag.ImageLaterality, "CS", side),
            TestElement.Text(DicomTag.ViewPosition, "CS", view),
            TestElement.Text(DicomTag.InstanceNumber, "IS", "7"),
            TestElement.Number(DicomTag.Rows, Height),
            TestElement.Number(DicomTag.Columns, Width),
            .. changes,
        ]));

    public static ScoredImage Score(string path, double score, string inference = Inference, string name = "malignant") =>
        new(path, score, name, inference, null);

    /// <summary>A heatmap of 6 × 4 positions, 10 pixels each, of an image of the fixture.</summary>
    public static MammoHeatmap Heatmap(string path, ImageTurn turn, params (int Row, int Column, float Value)[] values)
    {
        var turned = turn.Apply(new ImageSize(Height, Width));
        var (rows, columns) = (turned.Height / 10, turned.Width / 10);
        var map = new float[rows * columns * 2];
        for (var i = 0; i < rows * columns; i++)
            (map[2 * i], map[(2 * i) + 1]) = (0.9f, 0.1f);
        foreach (var (row, column, value) in values)
            (map[2 * ((row * columns) + column)], map[(2 * ((row * columns) + column)) + 1]) = (1 - value, value);
        return new MammoHeatmap
        {
            Path = path,
            Model = "patch",
            Kind = HeatmapKind.Forward,
            Classes = ["background", "malignant"],
            Values = ImmutableArray.Create(map),
            IsProbability = true,
            Geometry = new HeatmapGeometry(rows, columns, 0, 0, 20, 20, 20, 20),
            // Twice the stored size: coordinates are scaled on the way back.
            ImageSize = new ImageSize(2 * turned.Height, 2 * turned.Width),
            StoredSize = new ImageSize(Height, Width),
            Turn = turn,
            VoiUsed = "None",
            Engine = "test",
            Inference = "model=patch;weights=fedcba9876543210;kind=Forward",
        };
    }

    public static DicomExport Export(DicomExportOptions? options = null) =>
        new(options ?? new DicomExportOptions { Kinds = [.. Enum.GetValues<DicomResultKind>()] }, new KnownModels([]));

    /// <summary>The one report of predictions.</summary>
    public static WrittenItem Report(DicomExport export, params ScoredImage[] scores)
    {
        foreach (var score in scores)
            export.Add(score);
        return WrittenItem.Read(Assert.Single(export.Reports()).Content());
    }

    /// <summary>All content items below one, itself first.</summary>
    public static IEnumerable<WrittenItem> Content(WrittenItem item) => item.All(ResultTag.ContentSequence).SelectMany(Content).Prepend(item);

    /// <summary>Meaning of an item's name; empty for an item without name.</summary>
    public static string Name(WrittenItem item) => item.All(ResultTag.ConceptNameCodeSequence).FirstOrDefault()?.Text(DicomTag.CodeMeaning) ?? "";

    public static WrittenItem[] Children(WrittenItem item, string name) => [.. item.All(ResultTag.ContentSequence).Where(child => Name(child) == name)];

    public static WrittenItem Child(WrittenItem item, string name) => Assert.Single(Children(item, name));
}
