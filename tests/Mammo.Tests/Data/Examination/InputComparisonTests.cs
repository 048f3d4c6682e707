using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Examination;
using Mammo.Data.Images;

namespace Mammo.Tests.Data.Examination;

public sealed class InputComparisonTests
{
    private static readonly InputFacts Usual = Facts();

    private static readonly InputProfile Trained = InputProfile.Of([.. Enumerable.Repeat(Usual, 20)]);

    public static TheoryData<string, InputFacts> Others => new()
    {
        { ErrorIds.InputVoi, Facts(film => film with { VoiUsed = "None" }) },
        { ErrorIds.InputDepth, Facts(film => film with { BitDepth = 8 }) },
        { ErrorIds.InputSize, Facts(film => film with { Size = new ImageSize(1999, 1599) }) },
        { ErrorIds.InputSize, Facts(film => film with { Size = new ImageSize(4000, 4100) }) },
        { ErrorIds.InputSide, Facts() with { Look = Usual.Look with { IsAtRight = true } } },
        { ErrorIds.InputMarks, Facts() with { Look = Usual.Look with { HasMarks = true } } },
        { ErrorIds.InputGreys, Facts() with { Look = Usual.Look with { Greys = At(25) } } },
        { ErrorIds.InputVendor, Facts() with { Manufacturer = "Other Inc." } },
        { ErrorIds.InputView, Facts() with { View = "ML" } },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Each_difference_has_its_id_evidence_and_fix(string id, InputFacts facts)
    {
        var finding = Assert.Single(new InputComparison(Trained).Examine(new MammoImage("/films/a.dcm") { Patient = "P1" }, facts));
        Assert.Equal((id, "/films/a.dcm", "P1"), (finding.Id, finding.Subject, finding.Patient));
        Assert.Contains("'a.dcm'", finding.Message, StringComparison.Ordinal);
        Assert.NotNull(finding.SuggestedFix);
    }

    [Fact]
    public void What_is_alike_or_unknown_is_no_difference()
    {
        InputFacts[] alike =
        [
            Usual,
            Facts(film => film with { VoiUsed = "Window:3 SIGMOID" }),
            Facts(film => film with { VoiUsed = null }) with { Manufacturer = null, View = null, Look = new FilmLook() },
            Facts() with { Manufacturer = "MAKER" },
            Facts() with { Look = Usual.Look with { Greys = At(21) } },
        ];
        Assert.All(alike, facts => Assert.Empty(new InputComparison(Trained).Examine(new MammoImage("a.dcm"), facts)));
        Assert.Empty(new InputComparison(new InputProfile()).Examine(new MammoImage("a.dcm"), Usual));
    }

    [Fact]
    public void A_few_training_images_do_not_say_what_is_rare()
    {
        var few = new InputComparison(InputProfile.Of([.. Enumerable.Repeat(Usual, 5)]));
        Assert.Empty(few.Examine(new MammoImage("a.dcm"), Facts() with { Look = Usual.Look with { IsAtRight = true, HasMarks = true } }));
    }

    [Fact]
    public void A_distance_is_how_far_greys_are_moved() =>
        Assert.Equal(5 * 255.0 / FilmLook.Steps, FilmLook.Distance(At(20), At(25)), 1e-9);

    private static ImmutableArray<double> At(int step) => [.. Enumerable.Range(0, FilmLook.Steps).Select(index => index == step ? 1.0 : 0)];

    private static InputFacts Facts(Func<FilmFacts, FilmFacts>? change = null)
    {
        var film = new FilmFacts { Size = new ImageSize(4000, 3200), BitDepth = 16, Minimum = 0, Maximum = 65535, Mean = 9000, VoiUsed = "Window:1 LINEAR" };
        return new InputFacts(change?.Invoke(film) ?? film, new FilmLook { IsAtRight = false, Greys = At(20) }) { Manufacturer = "Maker", View = "CC" };
    }
}
