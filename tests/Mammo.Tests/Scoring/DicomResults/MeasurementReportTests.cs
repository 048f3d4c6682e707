using System.Buffers.Binary;
using System.Globalization;
using CsCheck;
using Mammo.Data.Dicom;
using Mammo.Evaluation;
using Mammo.Evaluation.Decisions;
using Mammo.Networks.Architectures;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.DicomResults;
using Mammo.Tests.Data.Dicom;
using Mammo.Tests.Data.Dicom.Writing;
using static Mammo.Tests.Scoring.DicomResults.StudyFixture;

namespace Mammo.Tests.Scoring.DicomResults;

public sealed class MeasurementReportTests
{
    [Fact]
    public void Every_score_comes_back_as_it_went_in()
    {
        var path = Image("1.2.3.4");
        Gen.Double[0, 1].Sample(
            score =>
            {
                var number = Number(Child(Groups(Report(Export(), Score(path, score)))[0], "Probability of cancer"));
                Assert.Equal(100 * score, number);
            },
            iter: 100);
    }

    [Fact]
    public void A_report_says_what_made_its_scores_and_of_which_images()
    {
        var report = Report(Export(), Score(Image("1.2.3.4"), 0.25), Score(Image("1.2.3.6", "R", "MLO"), 0.5) with { Warning = "Mammo.DicomSide" });
        Assert.Equal(("1.2.840.10008.5.1.4.1.1.88.33", "COMPLETE", "UNVERIFIED", "20250304", "SR"), (
            report.Text(DicomTag.SopClassUid), report.Text(ResultTag.CompletionFlag),
            report.Text(ResultTag.VerificationFlag), report.Text(DicomTag.ContentDate),
            report.Text(DicomTag.Modality)));
        Assert.Equal("1500", report.One(ResultTag.ContentTemplateSequence).Text(ResultTag.TemplateIdentifier));
        var groups = Groups(report);
        Assert.Equal([25, 50], groups.Select(group => Number(Child(group, "Probability of cancer"))));
        Assert.Equal(["7771000", "24028007"], groups.Select(group => Code(Child(Child(group, "Finding Site"), "Laterality"))));
        Assert.Equal(["L CC image 7", "R MLO image 7"], groups.Select(group => Child(group, "Tracking Identifier").Text(ResultTag.TextValue)));
        var number = Child(groups[1], "Probability of cancer");
        Assert.Equal("hybrid", Child(number, "Algorithm Name").Text(ResultTag.TextValue));
        string[] parameters = [.. Children(number, "Algorithm Parameters").Select(item => item.Text(ResultTag.TextValue))];
        Assert.Equal(["weights=0123456789abcdef", "augment=true", "voi=Auto", "engine=onnx cpu float32"], parameters[..4]);
        Assert.StartsWith("calibration: Not calibrated", parameters[4], StringComparison.Ordinal);
        Assert.Equal("threshold: No threshold: nothing is decided.", parameters[5]);
        Assert.Equal("1.2.3.6", Child(number, "Source of Measurement").One(ResultTag.ReferencedSopSequence).Text(ResultTag.ReferencedSopInstanceUid));
        // Whatever is referred to is in the evidence.
        string[] evidence = [.. report.One(ResultTag.CurrentRequestedProcedureEvidenceSequence).One(ResultTag.ReferencedSeriesSequence)
            .All(ResultTag.ReferencedSopSequence).Select(item => item.Text(ResultTag.ReferencedSopInstanceUid))];
        Assert.Equal(["1.2.3.4", "1.2.3.6"], evidence);
        Assert.All(
            Content(report).SelectMany(item => item.All(ResultTag.ReferencedSopSequence)), item =>
                Assert.Contains(item.Text(ResultTag.ReferencedSopInstanceUid), evidence));
        string[] comments = [.. Children(Child(report, "Qualitative Evaluations"), "Comment").Select(item => item.Text(ResultTag.TextValue))];
        Assert.StartsWith("Research use only", comments[0], StringComparison.Ordinal);
        Assert.Contains("Mammo.DicomSide", comments[1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_predictions_give_the_same_bytes_in_any_order_and_others_another_report()
    {
        ScoredImage[] scores = [Score(Image("1.2.3.4"), 0.25), Score(Image("1.2.3.6", "R"), 0.5)];
        var one = Only(scores);
        Assert.Equal(one, Only([scores[1], scores[0]]));
        Assert.Equal(Uid(one), Uid(Only([scores[0] with { Score = 0.25 + 1e-7 }, scores[1]])));
        byte[][] others =
        [
            Only([scores[0]]),
            Only([scores[0] with { Score = 0.26 }, scores[1]]),
            Only([.. scores.Select(score => score with { Inference = Inference.Replace("augment=true", "augment=false", StringComparison.Ordinal) })]),
            Only(scores, new DicomExportOptions { Units = [EvaluationUnit.Image, EvaluationUnit.Patient] }),
            Only(scores, new DicomExportOptions { Concept = ScoreConcept.CertaintyOfFinding }),
            Only(scores, new DicomExportOptions { Date = new DateTime(2026, 1, 2, 3, 4, 5) }),
        ];
        // Whichever engine was faster is no other report; the precision that was asked for is one.
        ScoredImage[] Engine(string name) =>
            [.. scores.Select(score => score with { Inference = Inference.Replace("onnx cpu float32", name, StringComparison.Ordinal) })];
        Assert.Equal(Uid(one), Uid(Only(Engine("mammo cpu float32"))));
        Assert.NotEqual(Uid(one), Uid(Only(Engine("torch cpu float64"))));
        Assert.Equal(7, others.Append(one).Select(Uid).Distinct().Count());

        static byte[] Only(ScoredImage[] scores, DicomExportOptions? options = null)
        {
            var export = Export(options);
            foreach (var score in scores)
                export.Add(score);
            return Assert.Single(export.Reports()).Content();
        }

        static string Uid(byte[] file) => WrittenItem.Read(file).Text(DicomTag.SopInstanceUid);
    }

    [Fact]
    public void Breasts_and_the_patient_have_scores_when_asked()
    {
        var options = new DicomExportOptions { Units = [EvaluationUnit.Patient, EvaluationUnit.Breast, EvaluationUnit.Image], Aggregate = UnitScore.Max };
        var groups = Groups(Report(Export(options), Score(Image("1.2.3.4"), 0.25),
            Score(Image("1.2.3.6", view: "MLO"), 0.5), Score(Image("1.2.3.7", "R"), 0.125)));
        Assert.Equal(
            [("L CC image 7", 25.0, 1), ("L MLO image 7", 50, 1), ("R CC image 7", 12.5, 1), ("L breast", 50, 2), ("R breast", 12.5, 1), ("Patient", 50, 3)],
            groups.Select(group => (
                Child(group, "Tracking Identifier").Text(ResultTag.TextValue), Number(Child(group, "Probability of cancer")),
                Children(Child(group, "Probability of cancer"), "Source of Measurement").Length)));
        Assert.Equal("56851009", Code(Child(Child(groups[3], "Probability of cancer"), "Derivation")));
        Assert.Empty(Children(Child(groups[5], "Finding Site"), "Laterality"));
        Refused(ErrorIds.LateralityMissing, () => Export(options).Add(Score(Image("1.2.3.8", "B"), 0.5)));
    }

    [Fact]
    public void Studies_and_ways_of_scoring_have_reports_of_their_own()
    {
        var export = Export();
        var first = Image("1.2.3.4");
        export.Add(Score(first, 0.25));
        export.Add(Score(Image("1.2.4.4", study: "1.2.4"), 0.25));
        export.Add(Score(first, 0.5, Inference.Replace("hybrid", "vgg", StringComparison.Ordinal)));
        Assert.Equal(["1.2.3", "1.2.4", "1.2.3"], export.Reports().Select(report => WrittenItem.Read(report.Content()).Text(DicomTag.StudyInstanceUid)));
        Refused(ErrorIds.PredictionsMixed, () => export.Add(Score(first, 0.25)));
        Refused(ErrorIds.DicomResultImpossible, () => export.Add(Score(Image("1.2.3.9", changes: TestElement.Text(DicomTag.PatientId, "LO", "P2")), 0.25)));
    }

    [Theory]
    [InlineData("malignant", ScoreConcept.Auto, "Probability of cancer")]
    [InlineData("pos", ScoreConcept.Auto, "Certainty of Finding")]
    [InlineData("abnormal", ScoreConcept.Auto, "Certainty of Finding")]
    [InlineData("pos", ScoreConcept.ProbabilityOfCancer, "Probability of cancer")]
    [InlineData("cancer", ScoreConcept.CertaintyOfFinding, "Certainty of Finding")]
    public void A_score_is_called_a_probability_of_cancer_only_where_that_is_said(string name, ScoreConcept concept, string expected)
    {
        var group = Groups(Report(Export(new DicomExportOptions { Concept = concept }), Score(Image("1.2.3.4"), 0.5, name: name)))[0];
        var number = Child(group, expected);
        Assert.Contains($"'{name}'", Child(number, "Equivalent Meaning of Concept Name").Text(ResultTag.TextValue), StringComparison.Ordinal);
    }

    [Fact]
    public void Calibration_and_threshold_stand_beside_every_score()
    {
        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1.0 / 16, Classes = ["neg", "malignant"] }, 1);
        using var model = patch.WithCard(patch.Card with { Decision = CardDecision.Stated(0.4, "a person") });
        var hash = WeightHash.Of(model);
        var inference = $"model=patch;weights={hash[..16]};calibrate=true";
        var path = Image("1.2.3.4");
        var decided = Score(path, 0.5, inference) with { Decision = Decision.Positive };
        Refused(ErrorIds.ThresholdUnknown, () => Export().Add(decided));
        var known = new KnownModels([model]);
        Refused(ErrorIds.PredictionsMixed, () => new DicomExport(new(), known).Add(decided with { Decision = Decision.Negative }));
        string[] parameters = [.. Children(Child(Groups(Report(new DicomExport(new(), known), decided))[0], "Probability of cancer"), "Algorithm Parameters")
            .Select(item => item.Text(ResultTag.TextValue))];
        Assert.Contains($"weights={hash}", parameters);
        Assert.Contains("calibration: Calibrated by the model's card.", parameters);
        Assert.Contains(parameters, text => text.StartsWith("threshold: ", StringComparison.Ordinal) && text.Contains("0.4000", StringComparison.Ordinal)
            && text.EndsWith("Decided: Positive.", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_written_down_is_refused()
    {
        var path = Image("1.2.3.4");
        Refused(ErrorIds.ScoreInvalid, () => Export().Add(Score(path, double.NaN)));
        Refused(ErrorIds.ScoreInvalid, () => Export().Add(Score(path, 1.5)));
        Refused(ErrorIds.ImageUnscored, () => ScoredImage.Of(new MammoPrediction
        {
            Path = path,
            Score = null,
            Probability = NamedTable.None<double>(),
            ModelScore = NamedTable.None<double>(),
            Engine = "test",
            Reason = "it is black",
        }));
        Refused(ErrorIds.PredictionInvalid, () => Export().Add(Score(path, 0.5, "")));
        Refused(ErrorIds.DicomResultImpossible, () => Export().Add(Score(path, 0.5) with { SopInstanceUid = "1.2.3.99" }));
        Export().Add(Score(path, 0.5) with { SopInstanceUid = "1.2.3.4" });
        var frames = Image("1.2.3.5", changes: TestElement.Text(DicomTag.NumberOfFrames, "IS", "3"));
        Refused(ErrorIds.DicomResultImpossible, () => Export().Add(Score(frames, 0.5)));
        Refused(ErrorIds.DicomResultImpossible, () => Export().Add(Score(frames, 0.5, Inference + ";frame=4")));
        var report = Report(Export(), Score(frames, 0.5, Inference + ";frame=3"));
        Assert.Contains(Content(report).SelectMany(item => item.All(ResultTag.ReferencedSopSequence)), item =>
            item.Text(ResultTag.ReferencedFrameNumber) == "3");
        var undated = Export();
        undated.Add(Score(Image("1.2.3.6", changes: TestElement.Text(DicomTag.StudyDate, "DA", "")), 0.5));
        Refused(ErrorIds.DicomIdentityMissing, () => Assert.Single(undated.Reports()).Content());
    }

    private static WrittenItem[] Groups(WrittenItem report) => Children(Child(report, "Imaging Measurements"), "Measurement Group");

    private static string Code(WrittenItem item) => item.One(ResultTag.ConceptCodeSequence).Text(DicomTag.CodeValue);

    private static double Number(WrittenItem item)
    {
        var value = item.One(ResultTag.MeasuredValueSequence);
        return value.Values.TryGetValue(ResultTag.FloatingPointValue, out var exact)
            ? BinaryPrimitives.ReadDoubleLittleEndian(exact)
            : double.Parse(value.Text(ResultTag.NumericValue), CultureInfo.InvariantCulture);
    }

    private static void Refused(string id, Action act) => Assert.Equal(id, Assert.Throws<MammoException>(act).ErrorId);
}
