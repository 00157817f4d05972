package run.labrun.spark;

import java.util.Map;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Statements that would make or change tables and databases. On Glue they go to the Data Catalog; here they would fall into Spark's own
 * catalog and be gone with the run, so they are refused. Temporary views and everything over files stay as they are.
 */
final class CatalogRefusal extends AbstractFunction1<LogicalPlan, BoxedUnit> {
    private static final Map<String, String> REFUSED = Map.ofEntries(
        Map.entry("CreateDataSourceTableCommand", "CREATE TABLE"), Map.entry("CreateDataSourceTableAsSelectCommand", "CREATE TABLE AS SELECT"),
        Map.entry("CreateTable", "CREATE TABLE"), Map.entry("CreateTableAsSelect", "CREATE TABLE AS SELECT"),
        Map.entry("CreateTableCommand", "CREATE TABLE"), Map.entry("CreateTableLikeCommand", "CREATE TABLE LIKE"),
        Map.entry("ReplaceTable", "REPLACE TABLE"), Map.entry("ReplaceTableAsSelect", "REPLACE TABLE AS SELECT"),
        Map.entry("CreateNamespace", "CREATE DATABASE"), Map.entry("CreateDatabaseCommand", "CREATE DATABASE"),
        Map.entry("DropNamespace", "DROP DATABASE"), Map.entry("DropDatabaseCommand", "DROP DATABASE"),
        Map.entry("SetCatalogAndNamespace", "USE"), Map.entry("SetNamespaceCommand", "USE"),
        Map.entry("ShowNamespaces", "SHOW DATABASES"), Map.entry("ShowTables", "SHOW TABLES"), Map.entry("ShowTablesCommand", "SHOW TABLES"),
        Map.entry("RepairTable", "MSCK REPAIR TABLE"), Map.entry("RepairTableCommand", "MSCK REPAIR TABLE"),
        Map.entry("AlterTableAddPartitionCommand", "ALTER TABLE ADD PARTITION"));

    @Override
    public BoxedUnit apply(LogicalPlan plan) {
        String name = plan.getClass().getSimpleName();
        String statement = REFUSED.get(name);
        if (statement == null && name.equals("CreateViewCommand") && plan.toString().contains("PersistedView")) {
            statement = "CREATE VIEW";
        }
        if (statement != null) {
            throw new UnsupportedOperationException("Spark SQL over the Glue Data Catalog (" + statement + ") is not built yet on labrun (see SEMANTICS.md); "
                + "temporary views and paths work");
        }
        return BoxedUnit.UNIT;
    }
}
