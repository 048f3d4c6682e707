using System.Text.Json;
using CsCheck;
using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.Data.Splits;

namespace Mammo.Tests.Data.Splits;

public sealed class PatientSplitterTests
{
    private static readonly Gen<MammoDataset> AnyDataset = Gen.Select(Gen.Int[0, 29], Gen.Int[0, 1]).Array[40, 120].Select(pairs => new MammoDataset(
        "set", ["neg", "pos"], [.. pairs.Select(
            (pair, i) => new MammoImage($"/x/{i}.png") { Patient = $"P{pair.Item1}", Label = pair.Item2, Class = pair.Item2 == 1 ? "pos" : "neg" })]));

    private static readonly Gen<double[]> AnyShares = Gen.Double[0.1, 1].Array[2, 4].Select(parts => parts.Select(part => part / parts.Sum()).ToArray());

    [Fact]
    public void Every_patient_is_in_one_part_and_the_parts_have_their_shares() =>
        Gen.Select(AnyDataset, AnyShares, Gen.UInt, Gen.Bool).Sample((dataset, shares, seed, stratify) =>
    {
        var split = PatientSplitter.ByShares(dataset, shares, seed, stratify);
        var patients = dataset.Images.GroupBy(image => image.Patient!).ToDictionary(group => group.Key, group => group.Max(image => image.Label!.Value));
        Assert.Equal(patients.Keys.Order(), split.Parts.SelectMany(part => part.Patients).Order());
        Assert.All(split.Parts.Paired(shares), pair =>
        {
            Assert.InRange(pair.First.Patients.Length - pair.Second * patients.Count, -1.0001, 1.0001);
            foreach (var label in stratify ? patients.Values.Distinct() : [])
                Assert.InRange(
                    pair.First.Patients.Count(id => patients[id] == label) - pair.Second * patients.Values.Count(value => value == label), -2.0001, 2.0001);
        });
        var (parts, findings) = split.Apply(dataset);
        Assert.Empty(findings);
        Assert.Equal(dataset.Count, parts.Sum(part => part.Count));
        Assert.Equal(parts.Length * (parts.Length - 1) / 2, parts.SelectMany((a, i) => parts.Skip(i + 1).Select(b => (a, b))).Count(pair =>
            !pair.a.Images.Select(image => image.Patient).Intersect(pair.b.Images.Select(image => image.Patient)).Any()));
    });

    [Fact]
    public void Images_without_patients_are_told_where_patient_ids_come_from()
    {
        var folders = new MammoDataset("set", ["neg"], [new MammoImage("/x/1.png") { Label = 0, Class = "neg" }]);
        var error = Assert.Throws<MammoException>(() => PatientSplitter.ByShares(folders, [0.5, 0.5], 1));
        Assert.Contains("column 'patient'", error.SuggestedFix, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_have_one_size_and_one_number_of_each_label() => Gen.Select(AnyDataset, Gen.Int[2, 7], Gen.UInt).Sample((dataset, folds, seed) =>
    {
        var split = PatientSplitter.ByFolds(dataset, folds, seed);
        var positive = dataset.Images.Where(image => image.Label == 1).Select(image => image.Patient!).ToHashSet();
        int[] sizes = [.. split.Parts.Select(part => part.Patients.Length)],
        positives = [.. split.Parts.Select(part => part.Patients.Count(positive.Contains))];
        Assert.Equal(folds, sizes.Length);
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        Assert.InRange(positives.Max() - positives.Min(), 0, 1);
    });

    [Fact]
    public void The_order_of_the_images_does_not_matter_and_the_seed_does()
    {
        var dataset = AnyDataset.Single();
        var reversed = dataset with { Images = [.. dataset.Images.Reverse()] };
        Assert.Equal(PatientSplitter.ByFolds(dataset, 5, 3).Hash, PatientSplitter.ByFolds(reversed, 5, 3).Hash);
        Assert.NotEqual(PatientSplitter.ByFolds(dataset, 5, 3).Hash, PatientSplitter.ByFolds(dataset, 5, 4).Hash);
    }

    [Fact]
    public void The_originals_split_is_scikit_learns_of_the_patients_in_their_order()
    {
        foreach (var item in JsonDocument.Parse(File.ReadAllBytes(Shared.Data("oracle", "image", "sampling", "split.json"))).RootElement.GetProperty("cases")
            .EnumerateArray())
        {
            string[] ids = [.. item.GetProperty("ids").EnumerateArray().Select(id => id.GetString()!)];
            int[] labels = [.. item.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32())];
            // Two images a patient: the second of a positive one carries the label.
            var images = ids.SelectMany(
                (id, i) => new[] { new MammoImage("/x/" + id) { Patient = id, Label = 0 }, new MammoImage("/y/" + id) { Patient = id, Label = labels[i] } });
            var split = PatientSplitter.AsOriginal(new MammoDataset("set", ["neg", "pos"], [.. images]), item.GetProperty("val_size").GetDouble());
            Assert.Equal(item.GetProperty("train").EnumerateArray().Select(id => id.GetString()), split.Parts[0].Patients);
            Assert.Equal(item.GetProperty("val").EnumerateArray().Select(id => id.GetString()), split.Parts[1].Patients);
        }
    }

    [Fact]
    public void Images_without_a_known_patient_are_told()
    {
        var dataset = AnyDataset.Single();
        var split = PatientSplitter.ByFolds(dataset, 2, 1);
        var (parts, findings) = split.Apply(
            dataset with { Images = [.. dataset.Images, new MammoImage("/a.png"), new MammoImage("/b.png") { Patient = "new" }] });
        Assert.Equal(dataset.Count, parts.Sum(part => part.Count));
        Assert.Equal([ErrorIds.PatientMissing, ErrorIds.PatientNotInSplit], findings.Select(finding => finding.Id));
        var foreign = Assert.Throws<MammoException>(() => split.Apply(dataset with { Images = [new MammoImage("/b.png") { Patient = "new" }] }));
        Assert.Equal(ErrorIds.PatientNotInSplit, foreign.ErrorId);
    }

    [Theory]
    [InlineData(0.5, 0.4)]
    [InlineData(0.5, 0.5, 0.0)]
    [InlineData(1.5, -0.5)]
    [InlineData(double.NaN, 0.5)]
    [InlineData(0.99999, 0.00001)]
    public void Shares_that_cannot_be_are_errors(params double[] shares) =>
        Assert.Equal(ErrorIds.SplitImpossible, Assert.Throws<MammoException>(() => PatientSplitter.ByShares(AnyDataset.Single(), shares, 1)).ErrorId);

    [Fact]
    public void Too_few_patients_are_an_error() =>
        Assert.Equal(
            ErrorIds.SplitImpossible,
            Assert.Throws<MammoException>(() => PatientSplitter.ByFolds(new MammoDataset("x", ["a"], [new MammoImage("/a.png")]), 5, 1)).ErrorId);

    [Fact]
    public void A_split_file_gives_the_split_back()
    {
        var path = Path.Combine(Shared.NewFolder(), "split.json");
        var split = PatientSplitter.ByShares(AnyDataset.Single(), [0.6, 0.2, 0.2], 5);
        SplitFile.Write(split, path);
        var read = SplitFile.Read(path);
        Assert.Equal((split.Hash, split.Method, split.Seed, split.IsStratified), (read.Hash, read.Method, read.Seed, read.IsStratified));
        Assert.All(split.Parts.Paired(read.Parts), pair =>
        {
            Assert.Equal(pair.First.Name, pair.Second.Name);
            Assert.Equal(pair.First.Patients, pair.Second.Patients);
        });
        Assert.Matches("^[0-9a-f]{64}$", split.Hash);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format":"mammo-split","version":2,"hash":"","method":"x","seed":1,"stratified":true,"parts":[]}""")]
    [InlineData("""{"format":"mammo-split","version":1,"hash":"00","method":"x","seed":1,"stratified":true,"parts":[]}""")]
    [InlineData("""{"format":"mammo-split","version":1,"hash":"00","method":"x","seed":1,"stratified":true,"parts":[null]}""")]
    [InlineData("""{"format":"mammo-split","version":1,"hash":"00","method":"x","seed":1,"stratified":true,"parts":[{"name":"a","patients":[null]}]}""")]
    [InlineData("""{"format":"mammo-split","version":1,"hash":"00","method":"x","seed":1,"stratified":true,"parts":["""
        + """{"name":"a","patients":["p"]},{"name":"b","patients":["p"]}]}""")]
    public void A_bad_split_file_is_an_error(string text)
    {
        var path = Path.Combine(Shared.NewFolder(), "split.json");
        File.WriteAllText(path, text);
        Assert.Equal(ErrorIds.SplitFileInvalid, Assert.Throws<MammoException>(() => SplitFile.Read(path)).ErrorId);
    }

    [Fact]
    public void A_missing_split_file_is_an_error() =>
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => SplitFile.Read(Path.Combine(Shared.NewFolder(), "none.json"))).ErrorId);

    [Fact]
    public void All_films_of_mini_MIAS_are_split_by_patient()
    {
        var dataset = MiniMias.Read(Shared.File("data", "mini-mias"), null, ImageLabelling.Abnormality).Dataset;
        var (parts, findings) = PatientSplitter.ByFolds(dataset, 5, 1).Apply(dataset);
        Assert.Empty(findings);
        Assert.Equal(322, parts.Sum(part => part.Count));
        Assert.All(parts, part => Assert.InRange(part.Count, 64, 66));
    }
}
