using System.Runtime.InteropServices;
using Mammo.Data.Datasets;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Networks.Storage;
using Mammo.Scoring;
using Mammo.Scoring.Prediction;
using Mammo.Tests.Data.Dicom;

namespace Mammo.Tests.Scoring.Prediction;

/// <summary>However a DICOM file stores a film, it has one score.</summary>
public sealed class DicomScoreTests
{
    private const double Equal = 1e-6;

    // A film as it hangs (CBIS-DDSM keeps it mirrored): a right breast, cranio-caudal; its rows run to the back, its columns to the left (medial).
    private static readonly GreyImage Film = Framing.FlipHorizontal(
        ImageReader.Read(Path.Combine(Shared.Repository, "examples", "data", "Calc-Test_P_00127_RIGHT_CC.png")));

    [Fact]
    public void A_film_its_MONOCHROME1_twin_and_its_eight_orientations_score_equally()
    {
        var folder = Shared.NewFolder();
        var twin = Film.With(Array.ConvertAll(Film.Pixels, pixel => (ushort)(ushort.MaxValue - pixel)));
        string[] oriented =
        [
            .. Positions().Select(position => Write(folder, $"says {position}", position.Apply(Film), Said(position))),
            // Files that say what they said before a program mirrored the film, or nothing at all.
            Write(folder, "mirrored", Mirrored(Film), Said(default)),
            Write(folder, "mirrored before it was transposed",
                new ImageTurn(true, false, false).Apply(Mirrored(Film)), Said(new ImageTurn(true, false, false))),
            Write(folder, "mirrored and silent", Mirrored(Film), null),
            Write(folder, "silent", Film, null),
        ];
        string[] asStored = [Write(folder, "film", Film, Said(default)), Write(folder, "twin", twin, Said(default), "MONOCHROME1")];
        var scores = Scores(oriented, orient: true).Concat(Scores(asStored, orient: false)).ToArray();
        Assert.All(scores, score => Assert.Equal(scores[^2].Score!.Value, score.Score!.Value, Equal));
        Assert.Equal(2, scores.Count(score => score.Warning.Split(';').Contains(ErrorIds.DicomSide)));
        Assert.Equal(2, scores.Count(score => score.Warning.Split(';').Contains(ErrorIds.DicomOrientation)));
    }

    [Fact]
    public void Without_turning_a_film_that_hangs_otherwise_is_reported_and_scores_otherwise()
    {
        var folder = Shared.NewFolder();
        string[] paths = [Write(folder, "film", Film, Said(default)),
            Write(folder, "mirrored", Mirrored(Film), Said(default)), Write(folder, "silent", Mirrored(Film), null)];
        var scores = Scores(paths, orient: false);
        Assert.Equal([false, true, true], scores.Select(score => score.Warning.Split(';').Contains(ErrorIds.DicomSide)));
        Assert.True(Math.Abs(scores[0].Score!.Value - scores[1].Score!.Value) > 1e-4);
    }

    private static IEnumerable<ImageTurn> Positions() =>
        Enumerable.Range(0, 8).Select(bits => new ImageTurn((bits & 4) != 0, (bits & 2) != 0, (bits & 1) != 0));

    private static GreyImage Mirrored(GreyImage image) => Framing.FlipHorizontal(image);

    // What Patient Orientation says of a film that was turned: the directions of its rows and of its columns.
    private static string Said(ImageTurn turn)
    {
        string[] directions = turn.IsTransposed ? ["L", "P"] : ["P", "L"];
        if (turn.IsMirrored)
            directions[0] = Opposite(directions[0]);
        if (turn.IsUpsideDown)
            directions[1] = Opposite(directions[1]);
        return string.Join('\\', directions);
    }

    private static string Opposite(string direction) => direction switch { "P" => "A", "A" => "P", "L" => "R", _ => "L" };

    private static string Write(string folder, string name, GreyImage image, string? orientation, string photometric = "MONOCHROME2")
    {
        var path = Path.Combine(folder, $"{name}.dcm");
        TestElement[] elements =
        [
            TestElement.Number(DicomTag.Rows, image.Height),
            TestElement.Number(DicomTag.Columns, image.Width),
            TestElement.Text(DicomTag.ImageLaterality, "CS", "R"),
            TestElement.Text(DicomTag.PhotometricInterpretation, "CS", photometric),
            new TestElement(DicomTag.PixelData, "OW", MemoryMarshal.AsBytes(image.Pixels.AsSpan()).ToArray()),
            .. orientation is null ? Array.Empty<TestElement>() : [TestElement.Text(DicomTag.PatientOrientation, "CS", orientation)],
        ];
        File.WriteAllBytes(path, DicomWriter.File(DicomWriter.Explicit, TestDicom.Elements([], 16, false, elements)));
        return path;
    }

    private static MammoPrediction[] Scores(IEnumerable<string> paths, bool orient)
    {
        using var model = ModelFiles.Import(ShippedModels.PathOf("mini-mias")).Model;
        using var predictor = new Predictor([model], new PredictorOptions
        { Dicom = new DicomOptions { Orient = orient }, Preparation = new() { RescaleFactor = 255.0 / 65535 } });
        return [.. paths.SelectMany(path => predictor.Add(new MammoImage(path)))
            .Concat(predictor.Finish()).Select(result => result.Prediction ?? throw result.Failure!)];
    }
}
