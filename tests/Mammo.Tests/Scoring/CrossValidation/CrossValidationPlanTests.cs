using Mammo.Data.Datasets;
using Mammo.Data.Splits;
using Mammo.Scoring.CrossValidation;

namespace Mammo.Tests.Scoring.CrossValidation;

public sealed class CrossValidationPlanTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void Every_patient_is_tested_once_and_is_never_in_two_sets(double validation)
    {
        var plan = new CrossValidationPlan(Dataset(25), 4, stratify: true, validation);
        foreach (var seed in new[] { 1, 2 })
        {
            var split = plan.Split(seed);
            var folds = Enumerable.Range(1, 4).Select(fold => plan.Sets(split, seed, fold)).ToArray();
            Assert.Equal(50, folds.Sum(sets => sets.Test.Count));
            foreach (var sets in folds)
            {
                string[][] patients = [.. new[] { sets.Train, sets.Validation, sets.Test }.Select(set => Patients(set))];
                Assert.Equal(25, patients.Sum(ids => ids.Length));
                Assert.Equal(25, patients.SelectMany(ids => ids).Distinct().Count());
                Assert.Equal(validation == 0, sets.Validation is null);
                Assert.Contains(split.Hash, sets.Train.Splits);
            }
        }
    }

    [Fact]
    public void An_image_of_two_patients_is_refused_and_a_split_of_one_part_too()
    {
        var dataset = Dataset(4);
        var twice = dataset with { Images = [.. dataset.Images, dataset.Images[0] with { Patient = "other" }] };
        Assert.Equal(ErrorIds.RowsContradict, Assert.Throws<MammoException>(() => new CrossValidationPlan(twice, 2, false, 0)).ErrorId);
        var one = new PatientSplit("shares", 1, false, [new SplitPart("all", ["P0"])]);
        Assert.Equal(ErrorIds.SplitImpossible, Assert.Throws<MammoException>(() => new CrossValidationPlan(dataset, one, false, 0)).ErrorId);
    }

    [Fact]
    public void A_patient_who_is_written_in_two_ways_is_in_one_fold()
    {
        var split = new PatientSplit("folds", 1, false, [new SplitPart("fold1", ["P0", "P1"]), new SplitPart("fold2", ["P2", "P3"])]);
        var dataset = Dataset(4);
        var spelled = dataset with { Images = [.. dataset.Images, new MammoImage("/more.png") { Patient = "p0", Class = "neg", Label = 0 }] };
        Assert.Equal(5, new CrossValidationPlan(spelled, split, false, 0).Sets(split, 1, 1).Test.Count);
        Assert.Equal(4, new CrossValidationPlan(spelled, split, false, 0).Sets(split, 1, 2).Test.Count);
    }

    private static string[] Patients(MammoDataset? set) => set is null ? [] : [.. set.Images.Select(image => image.Patient!).Distinct()];

    private static MammoDataset Dataset(int patients) => new(
        "d",
        ["neg", "pos"],
        [.. Enumerable.Range(0, 2 * patients).Select(i => (Path: $"/film{i}.png", Patient: i / 2)).Select(film =>
            new MammoImage(film.Path) { Patient = $"P{film.Patient}", Label = film.Patient % 2, Class = film.Patient % 2 == 0 ? "neg" : "pos" })]);
}
