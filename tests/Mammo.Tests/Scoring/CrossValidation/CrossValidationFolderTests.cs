using Mammo.Data;
using Mammo.Data.Datasets;
using Mammo.Scoring;
using Mammo.Scoring.CrossValidation;

namespace Mammo.Tests.Scoring.CrossValidation;

public sealed class CrossValidationFolderTests
{
    [Fact]
    public void Folds_that_are_finished_at_once_are_all_gathered()
    {
        var place = Shared.NewFolder();
        for (var round = 0; round < 20; round++)
        {
            var folder = new CrossValidationFolder(Path.Combine(place, $"{round}"));
            Parallel.For(1, 5, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken }, number =>
            {
                var image = new MammoImage($"/film{number}.png") { Patient = $"P{number}" };
                var fold = new CrossValidationFold(1, number, "", "hash");
                folder.Write(fold, [MammoPrediction.Failed(image, new MammoException(ErrorIds.ImageUnscored, "none"))]);
                folder.Gather();
            });
            Assert.Equal(4, CsvTable.Read(folder.ScorePath, "Path").Rows.Length);
        }
    }
}
