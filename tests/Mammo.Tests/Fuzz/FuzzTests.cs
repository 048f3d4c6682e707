using Mammo.Fuzz;

namespace Mammo.Tests.Fuzz;

/// <summary>Every reader gets its kept cases and some damaged files; tests/Mammo.Fuzz does the same for minutes.</summary>
public sealed class FuzzTests
{
    private const int Cases = 60;

    public static TheoryData<string> Readers => [.. FuzzReader.All.Select(reader => reader.Name)];

    [Theory]
    [MemberData(nameof(Readers))]
    public void Damaged_files_are_errors_or_read(string name)
    {
        var corpus = Path.Combine(Shared.Repository, "tests", "Mammo.Fuzz", "corpus", name);
        byte[][] kept = Directory.Exists(corpus) ? [.. Directory.GetFiles(corpus).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];
        var result = new Fuzzer(FuzzReader.All.Single(reader => reader.Name == name), Shared.NewFolder()).Run(kept, seed: 1, Cases, TestRun.Patience);
        Assert.All(result.Faults, fault => Assert.Fail($"{Convert.ToBase64String(fault.Content)[..Math.Min(200, fault.Content.Length)]}: {fault.Error}"));
        Assert.InRange(result.Accepted, 1, result.Cases);
    }
}
